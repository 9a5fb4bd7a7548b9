// The decision core.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/event.h"
#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// A text kept apart from the hot rows.
struct Document {
  enum class Kind : uint8_t {
    kContext,          // of the run (step -1)
    kInput,            // of a step: filled in
    kOutput,           // of a step or an item; the run's result (step -1)
    kResponseHeaders,  // of an http step
    kItems,            // of a for_each: a JSON array of up to kItemsPerDocument items; `item` is the how manieth such part
    kSignal,           // payload of a kept signal (step -1, `item` its number)
    kMessage,          // what a gate tells those who decide: text as JSON
  };
  Kind kind = Kind::kOutput;
  int32_t step = -1;  // -1: the run's
  int32_t item = -1;
  std::string text = {};  // JSON
};
inline constexpr int32_t kItemsPerDocument = 128;
/// In the place of a step: the run itself.
inline constexpr uint32_t kOfRun = UINT32_MAX;

/// Documents of what is done: facts that are on the disk and never change, so looking them up leaves Decide pure.
class Outputs {
 public:
  virtual ~Outputs() = default;
  /// The document as a value; null when there is none. Valid as long as this object. The output of a for_each that is over is the list of
  /// its items' outputs.
  virtual const Json* Find(Document::Kind kind, StepKey key) const = 0;
  /// The outputs of the first `count` items of `step`, as far as they are on the disk; null for those that have none.
  virtual std::vector<const Json*> FindItemOutputs(uint32_t step, int32_t count) const = 0;
  /// True when something could not be read: what was decided on it must not stand.
  virtual bool IsBroken() const { return false; }
  /// The document's text, or null.
  virtual const std::string* FindText(Document::Kind kind, StepKey key) const = 0;
};

/// One row of the append-only history: what SSE, hooks and the audit trail read.
struct HistoryEvent {
  int64_t number = 0;  // 1, 2, 3 … within the run
  int64_t at_us = 0;
  std::string type = {};  // "run.started", "step.failed", …
  int32_t step = -1;      // index in the definition, -1: about the run
  int32_t item = -1;
  std::string payload = {};  // JSON object text: what a hook or a reader needs without another look-up
};

/// A line that the engine itself writes to the run's log.
struct EngineLogLine {
  int32_t step = -1;
  int32_t try_number = 0;  // 0: of no try in particular
  std::string level = {};  // "info", "warn", "error"
  std::string text = {};
};

/// Another run that begins with this decision, or not at all.
struct RunRequest {
  std::string run_id = {};
  std::string workflow = {};  // id or key
  int32_t version = 0;        // 0: the current one
  std::string context = {};   // JSON object
  AttemptKey parent = {};     // the try that waits for it; run_id "": nobody does
};

/// To be carried out once the decision is on the disk.
struct Command {
  enum class Kind : uint8_t { kStartAttempt, kCancelAttempt, kCancelRun };
  Kind kind = Kind::kStartAttempt;
  AttemptKey key = {};
  std::string input = {};   // kStartAttempt: the input's JSON text, filled in; where the step names secrets, a template of them
  std::string run_id = {};  // kCancelRun
  bool force = false;       // kCancelRun
};

/// What an event changes. Empty (`changed` false): nothing, e.g. for a late completion.
struct Decision {
  bool changed = false;
  std::optional<Error> refused;  // the caller's request does not fit the state; then nothing changed
  RunProgress progress;
  std::vector<StepKey> cleared;         // rows and documents of these go first
  std::vector<StepState> steps;         // those that changed, whole; sorted by key
  std::shared_ptr<const Json> context;  // null: unchanged
  std::vector<Document> documents;
  std::vector<HistoryEvent> history;
  std::vector<EngineLogLine> log;
  std::vector<RunRequest> runs;
  std::vector<Command> commands;
};

/// Decides what follows `event`. Pure: no clock, no I/O; the same arguments give the same decision.
/// Costs what changes, not what the run holds.
Decision Decide(const Definition& definition, const Run& run, const Outputs& outputs, const Event& event, int64_t now_us);

/// Brings `run` to the state after `decision`. Pure but for `run`.
void Apply(const Definition& definition, const Decision& decision, Run& run);

}  // namespace orc
