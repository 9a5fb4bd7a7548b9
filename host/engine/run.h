// Runs and steps: their states, and what is kept of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace orc {

enum class RunStatus : uint8_t {
  kPending,
  kRunning,
  kWaitingApproval,
  kWaiting,
  kPaused,
  kCanceling,
  kSucceeded,
  kFailed,
  kCanceled,
  kTimedOut
};
enum class StepStatus : uint8_t { kPending, kRunning, kWaitingApproval, kWaiting, kSucceeded, kFailed, kCanceled, kTimedOut, kSkipped };

/// The wire spellings: "PENDING", "WAITING_APPROVAL", "CANCELED" …
std::string_view ToText(RunStatus status);
std::string_view ToText(StepStatus status);
std::optional<RunStatus> ParseRunStatus(std::string_view text);
std::optional<StepStatus> ParseStepStatus(std::string_view text);
bool IsTerminal(RunStatus status);
bool IsTerminal(StepStatus status);

/// Why a step or a run failed. `code` is one of the language's error codes ("timeout", "http_status", …).
struct StepError {
  std::string code = {};
  std::string message = {};
  bool retryable = false;
  std::string detail = {};  // JSON text, or ""
};

/// What was decided at a step's gate, by whom.
struct Approval {
  bool approved = false;
  std::string actor = {};
  std::string comment = {};
  std::string input = {};  // JSON text, or ""
  int64_t at_us = 0;
};

/// One step of a run attempt. A step that was not begun has no row and is PENDING.
struct StepState {
  uint32_t step = 0;  // index in Definition::steps
  int32_t item = -1;  // of a for_each; -1: the step itself
  StepStatus status = StepStatus::kPending;
  int32_t tries = 0;       // tries begun in this run attempt
  int64_t due_us = 0;      // WAITING: when the next try begins; RUNNING: when this try times out; 0: never
  int64_t started_us = 0;  // of the first try
  int64_t finished_us = 0;
  int32_t http_code = 0;
  std::optional<StepError> error = {};
  std::optional<Approval> approval = {};
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
};

/// What changes with every decision: a few scalars, copied freely.
struct RunProgress {
  RunStatus status = RunStatus::kPending;
  int32_t attempt = 1;     // one higher with every retry of the run
  int64_t revision = 0;    // decisions so far; every update is fenced by it
  uint32_t next_step = 0;  // sequence: the first step that is not passed (a failed run stays at the failed one); steps.size() at the end
  int64_t started_us = 0;
  int64_t updated_us = 0;
  int64_t finished_us = 0;
  int64_t wake_us = 0;     // the earliest due time of any step; 0: no timer
  int64_t next_event = 1;  // number of the next history row
  bool cancel_forced = false;
  std::string error;  // of a FAILED run: the step's message
};

/// A run in memory: exactly what the disk says. Owned by one decision loop.
struct Run {
  RunIdentity identity = {};
  RunProgress progress = {};
  std::shared_ptr<const Json> context = {};  // an object, never null
  std::vector<StepState> steps = {};         // sorted by (step, item); begun ones only

  const StepState* FindStep(uint32_t step, int32_t item = -1) const;
};

/// Names one try of one step: what a completion must match to count.
struct AttemptKey {
  std::string run_id = {};
  int32_t run_attempt = 1;
  uint32_t step = 0;
  int32_t item = -1;
  int32_t try_number = 1;
  bool operator==(const AttemptKey&) const = default;
};

/// What a reader is shown: a step without a row is PENDING while the run is live, CANCELED in a cancelled one, else SKIPPED.
StepStatus DisplayStatus(const Run& run, uint32_t step);

/// `<run>:<step>:<item>:<run attempt>:<repeat round>`: the same for every try of the step. `-` stands for no item. Bytes of the step's id
/// that a header could not carry are percent-encoded.
std::string IdempotencyKeyOf(const AttemptKey& key, std::string_view step_id);

}  // namespace orc
