#include "engine/decisions.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

namespace orc {
namespace {

AttemptFinished TimedOut(const StepDefinition& step) {
  AttemptFinished result;
  result.outcome = AttemptFinished::Outcome::kFailed;
  result.error = {"timeout", "the try took longer than " + std::to_string(step.timeout_ms) + " ms", true, ""};
  return result;
}

void OnDue(Draft& draft, StepState& state) {
  if (state.status == StepStatus::kWaiting) return StartTry(draft, state);
  if (state.status != StepStatus::kRunning) return;
  if (draft.progress().status == RunStatus::kCanceling) return CancelStep(draft, state);
  draft.Cancel(state);
  FailTry(draft, state, TimedOut(draft.StepOf(state)));
}

}  // namespace

void DecideOn(Draft& draft, const TimerDue& event) {
  if (IsTerminal(draft.progress().status)) return;
  for (const auto& [step, item] : draft.ActiveSteps()) {
    const StepState& state = *draft.FindStep(step, item);
    if (state.due_us == 0 || state.due_us > event.wake_us) continue;
    OnDue(draft, draft.EditStep(step, item));
    if (IsTerminal(draft.progress().status)) return;
  }
  EndCancelWhenIdle(draft);
}

}  // namespace orc
