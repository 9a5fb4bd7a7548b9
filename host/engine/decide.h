// The decision core.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/event.h"
#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// Outputs of finished steps: facts that are on the disk and never change, so looking them up leaves Decide pure.
class Outputs {
 public:
  virtual ~Outputs() = default;
  /// The output of a finished step; null when it has none. Valid as long as this object.
  virtual const Json* Find(uint32_t step, int32_t item) const = 0;
  /// The response headers of a finished HTTP step, or null.
  virtual const Json* FindHeaders(uint32_t step, int32_t item) const = 0;
  /// The filled-in input (JSON text) with which the step was begun, or null when none was stored: its input has no expressions.
  virtual const std::string* FindInput(uint32_t step, int32_t item) const = 0;
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

/// A text kept apart from the hot rows.
struct Document {
  enum class Kind : uint8_t { kContext, kInput, kOutput, kResponseHeaders };
  Kind kind = Kind::kOutput;
  int32_t step = -1;  // -1: the run's
  int32_t item = -1;
  std::string text = {};  // JSON
};

/// A line that the engine itself writes to the run's log.
struct EngineLogLine {
  int32_t step = -1;
  int32_t try_number = 0;  // 0: of no try in particular
  std::string level = {};  // "info", "warn", "error"
  std::string text = {};
};

/// To be carried out once the decision is on the disk.
struct Command {
  enum class Kind : uint8_t { kStartAttempt, kCancelAttempt };
  Kind kind = Kind::kStartAttempt;
  AttemptKey key;
  std::string input;  // kStartAttempt: the input's JSON text, filled in
};

/// What an event changes. Empty (`changed` false): nothing, e.g. for a late completion.
struct Decision {
  bool changed = false;
  std::optional<Error> refused;  // the caller's request does not fit the state; then nothing changed
  RunProgress progress;
  int32_t cleared_from = -1;            // >= 0: rows and documents of this step and of later ones go first
  std::vector<StepState> steps;         // those that changed, whole; sorted by (step, item)
  std::shared_ptr<const Json> context;  // null: unchanged
  std::vector<Document> documents;
  std::vector<HistoryEvent> history;
  std::vector<EngineLogLine> log;
  std::vector<Command> commands;
};

/// Decides what follows `event`. Pure: no clock, no I/O; the same arguments give the same decision.
/// Costs what changes, not what the run holds.
Decision Decide(const Definition& definition, const Run& run, const Outputs& outputs, const Event& event, int64_t now_us);

/// Brings `run` to the state after `decision`. Pure but for `run`.
void Apply(const Decision& decision, Run& run);

}  // namespace orc
