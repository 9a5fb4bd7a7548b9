#include "engine/advance.h"
#include "engine/decisions.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// Whether `key` names the try that is under way. Whatever else comes is late, double or foreign.
bool IsUnderWay(const Draft& draft, const AttemptKey& key) {
  if (key.run_id != draft.run().identity.id || key.run_attempt != draft.progress().attempt) return false;
  if (IsTerminal(draft.progress().status)) return false;
  const StepState* state = draft.FindStep(key.step, key.item);
  return state != nullptr && state->status == StepStatus::kRunning && state->tries == key.try_number;
}

}  // namespace

void DecideOn(Draft& draft, const AttemptFinished& event) {
  if (!IsUnderWay(draft, event.key)) return;
  StepState& state = draft.EditStep(event.key.step, event.key.item);
  if (draft.progress().status == RunStatus::kCanceling) {
    CancelStep(draft, state);
    return EndCancelWhenIdle(draft);
  }
  if (event.outcome != AttemptFinished::Outcome::kSucceeded) return FailTry(draft, state, event);
  SucceedStep(draft, state, event);
  Advance(draft);
}

}  // namespace orc
