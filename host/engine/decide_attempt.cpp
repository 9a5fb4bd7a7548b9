#include "engine/decisions.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// Whether `key` names the try that is under way. Whatever else comes is late, double or foreign.
bool IsUnderWay(const Draft& draft, const AttemptKey& key) {
  if (key.run_id != draft.run().identity.id || IsTerminal(draft.progress().status)) return false;
  const StepState* state = draft.FindStep(key.step_key());
  return state != nullptr && !state->is_loop() && state->status == StepStatus::kRunning && draft.KeyOf(*state) == key;
}

bool IsToldToStop(const Draft& draft, const StepState& state) {
  const auto& outcome = draft.progress().outcome;
  return IsEnding(draft, state) && (draft.progress().cancel_forced || outcome == RunStatus::kCanceled || outcome == RunStatus::kTimedOut);
}

void EndTry(Draft& draft, StepState& state, const AttemptFinished& result) {
  // What succeeded in spite of a cancel has been done, and may have to be undone.
  if (result.outcome == AttemptFinished::Outcome::kSucceeded) return SucceedTry(draft, state, result);
  if (IsToldToStop(draft, state)) return CancelStep(draft, state);
  FailTry(draft, state, result);
}

}  // namespace

void DecideOn(Draft& draft, const AttemptFinished& event) {
  if (IsUnderWay(draft, event.key)) EndTry(draft, draft.EditStep(event.key.step_key()), event);
}

void DecideOn(Draft& draft, const ChildEnded& event) {
  if (IsTerminal(draft.progress().status)) return;
  const StepState* state = draft.FindStep(event.step);
  const bool waits = state != nullptr && state->status == StepStatus::kWaiting && state->wait == StepWait::kRun;
  if (!waits || state->wait_for != event.run_id) return;
  StepState& step = draft.EditStep(event.step);
  if (!event.was_made) step.wait = StepWait::kNextTry;
  EndTry(draft, step, event.result);
}

}  // namespace orc
