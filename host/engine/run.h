// Runs and steps: their states, and what is kept of them.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/run_index.h"
#include "engine/status.h"

namespace orc {

/// Why a step or a run failed. `code` is one of the language's error codes ("timeout", "http_status", …).
struct StepError {
  std::string code = {};
  std::string message = {};
  bool retryable = false;
  std::string detail = {};  // JSON text, or ""
};

/// One decision at a gate, by whom.
struct Approval {
  bool approved = false;
  std::string actor = {};
  std::string comment = {};
  std::string input = {};  // JSON text, or ""
  int64_t at_us = 0;
};

/// What a WAITING step waits for.
enum class StepWait : uint8_t {
  kNextTry,    // of its retry
  kNextRound,  // of its repeat
  kTime,       // `wait` until its due time
  kInstant,    // `wait` until the wall clock shows its due time
  kSignal,     // `wait` for the signal `wait_for`
  kRun,        // `workflow.run`: for the end of the run `wait_for`
};

/// Of a for_each: how far it is. Items are begun in their order.
struct LoopProgress {
  int32_t total = -1;  // -1: the step is no loop, or has not begun to be one
  int32_t begun = 0;
  int32_t ended = 0;
  int32_t failed = 0;
  bool operator==(const LoopProgress&) const = default;
};

/// One step of a run attempt, or one item of a for_each. A step that was not begun has no row and is PENDING; one that is PENDING with a
/// row is past its gate and held up by a pause.
struct StepState {
  uint32_t step = 0;  // index in Definition::steps
  int32_t item = -1;  // of a for_each; -1: the step itself
  StepStatus status = StepStatus::kPending;
  int32_t tries = 0;       // begun in this round
  int32_t round = 0;       // of its repeat
  int64_t due_us = 0;      // WAITING: when it goes on; WAITING_APPROVAL: when the gate closes; RUNNING: when the try times out; 0: never
  int64_t started_us = 0;  // of the first try
  int64_t finished_us = 0;
  int64_t round_started_us = 0;  // of the first try of this round: the retry budget counts from it
  int32_t http_code = 0;
  bool caught = false;   // FAILED, and a `catch` took it: it counts as passed
  int64_t ended_no = 0;  // of its end's history row, where the step can be undone: compensation is in the reverse order of it
  StepWait wait = StepWait::kNextTry;
  std::string wait_for = {};
  std::string own_key = {};  // its idempotency_key as it was at the first try, or ""
  LoopProgress loop = {};
  std::optional<StepError> error = {};
  std::vector<Approval> approvals = {};  // decisions at the gate, in their order

  StepKey key() const { return {step, item}; }
  bool is_loop() const { return loop.total >= 0; }
};

/// Which step of which run a sub-workflow answers to.
struct ParentStep {
  std::string run_id = {};
  uint32_t step = 0;
  int32_t item = -1;
  bool operator==(const ParentStep&) const = default;
};

/// What never changes about a run.
struct RunIdentity {
  std::string id = {};
  std::string workflow_id = {};
  int32_t workflow_version = 0;
  int64_t created_us = 0;
  std::string created_by = {};
  std::string labels = "{}";        // JSON object of strings
  bool approve_every_step = false;  // policy.require_approval as it was when the run was made
  ParentStep parent = {};           // of a sub-workflow; run_id "" otherwise
  int32_t depth = 0;                // sub-workflows above it
  std::string schedule_id = {};     // that started it, or ""
  int64_t scheduled_us = 0;         // the instant for which that schedule made it; 0: none
  std::string limit_key = {};       // runs of the same workflow and key count together; "" when the workflow has no limit
};

/// Through which part of the definition a run goes.
enum class RunPhase : uint8_t { kSteps, kCompensating, kFinally };
std::string_view ToText(RunPhase phase);

/// A signal that came before anyone waited for it. Its payload is a document.
struct KeptSignal {
  int64_t number = 0;
  std::string name = {};
  bool operator==(const KeptSignal&) const = default;
};

/// What changes with every decision: a few scalars, copied freely.
struct RunProgress {
  RunStatus status = RunStatus::kPending;
  int32_t attempt = 1;     // one higher with every retry of the run
  int64_t revision = 0;    // decisions so far; every update is fenced by it
  uint32_t next_step = 0;  // the earliest main step that is not passed (a failed run stays at the failed one); main_count at the end
  int64_t started_us = 0;
  int64_t updated_us = 0;
  int64_t finished_us = 0;
  int64_t wake_us = 0;     // the earliest due time of any step and of the run; 0: no timer
  int64_t next_event = 1;  // number of the next history row
  bool cancel_forced = false;
  std::string error = {};       // of a FAILED or TIMED_OUT run, once it is decided that it fails: a sentence
  std::string error_code = {};  // likewise
  // Hardly ever other than this.
  RunPhase phase = RunPhase::kSteps;
  std::optional<RunStatus> outcome = {};  // how it is going to end, once that is decided
  bool queued = false;                    // WAITING for a place under its workflow's limit: nothing has begun
  bool paused = false;
  bool undoing_failed = false;  // a compensation failed
  bool finally_failed = false;
  int64_t deadline_us = 0;  // timeout_ms of the workflow; 0: none
  int64_t expires_us = 0;   // when the ended run may be deleted; 0: never
  std::vector<KeptSignal> signals = {};
  int64_t next_signal = 1;
};

/// A run in memory: exactly what the disk says. Owned by one decision loop.
struct Run {
  RunIdentity identity = {};
  RunProgress progress = {};
  std::shared_ptr<const Json> context = {};  // an object, never null
  std::map<StepKey, StepState> steps = {};   // begun ones only
  RunIndex index = {};                       // what follows from `steps`, so that nobody walks through them

  const StepState* FindStep(StepKey key) const;
};

/// Names one try of one step: what a completion must match to count.
struct AttemptKey {
  std::string run_id = {};
  int32_t run_attempt = 1;
  uint32_t step = 0;
  int32_t item = -1;
  int32_t round = 0;
  int32_t try_number = 1;
  StepKey step_key() const { return {step, item}; }
  bool operator==(const AttemptKey&) const = default;
};

/// What a reader is shown of a step or an item: one without a row is SKIPPED if the run went past it, else PENDING while the run is live,
/// CANCELED in a cancelled one, SKIPPED in any other.
StepStatus DisplayStatus(const Run& run, StepKey key);

/// `<run>:<step>:<item>:<run attempt>:<repeat round>`: the same for every try of the round. `-` stands for no item. Bytes of the step's id
/// that a header could not carry are percent-encoded. With `own` (the step's idempotency_key, evaluated): `<own>:<run attempt>:<round>`.
std::string IdempotencyKeyOf(const AttemptKey& key, std::string_view step_id, std::string_view own = {});

}  // namespace orc
