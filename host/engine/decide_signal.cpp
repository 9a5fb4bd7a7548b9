#include <algorithm>

#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/step_end.h"

namespace orc {
namespace {

constexpr ptrdiff_t kMaxKept = 100;     // of one name
constexpr size_t kMaxKeptOfAll = 1000;  // of a run

/// The first step that waits for a signal of that name.
std::optional<StepKey> FindWaiting(const Draft& draft, const std::string& name) {
  for (const StepKey& key : draft.ActiveSteps()) {
    const StepState& state = *draft.FindStep(key);
    if (state.status == StepStatus::kWaiting && state.wait == StepWait::kSignal && state.wait_for == name) return key;
  }
  return std::nullopt;
}

void Keep(Draft& draft, const SignalSent& event) {
  RunProgress& run = draft.EditProgress();
  const int64_t number = run.next_signal++;
  run.signals.push_back({number, event.name});
  draft.AddDocument(Document::Kind::kSignal, {kOfRun, static_cast<int32_t>(number)}, event.payload);
}

}  // namespace

void DecideOn(Draft& draft, const SignalSent& event) {
  const RunProgress& run = draft.progress();
  if (IsTerminal(run.status)) {
    return draft.Refuse(ErrorCode::kConflict, "the run is over: it is " + std::string(ToText(run.status)));
  }
  const auto waiting = FindWaiting(draft, event.name);
  const auto kept =
      std::count_if(run.signals.begin(), run.signals.end(), [&](const KeptSignal& signal) { return signal.name == event.name; });
  if (!waiting && (kept >= kMaxKept || run.signals.size() >= kMaxKeptOfAll)) {
    return draft.Refuse(ErrorCode::kConflict,
                        std::to_string(kept) + " signals \"" + event.name + "\" are kept already, and nobody has waited for them");
  }
  RecordRun(draft, "run.signaled", {.note = event.name, .actor = event.actor});
  if (!waiting) return Keep(draft, event);
  AttemptFinished result;
  result.output = event.payload;
  SucceedTry(draft, draft.EditStep(*waiting), result);
}

}  // namespace orc
