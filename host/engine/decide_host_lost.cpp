#include "engine/decisions.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

namespace orc {

void DecideOn(Draft& draft, const HostLost&) {
  if (draft.progress().status == RunStatus::kPending) return DecideOn(draft, RunBegun{});
  if (IsTerminal(draft.progress().status)) return;
  const bool canceling = draft.progress().status == RunStatus::kCanceling;
  for (const auto& [step, item] : draft.ActiveSteps()) {
    if (draft.FindStep(step, item)->status != StepStatus::kRunning) continue;
    StepState& state = draft.EditStep(step, item);
    // What was told to stop is gone with its host: nothing is left to wait for.
    canceling ? CancelStep(draft, state) : RepeatTry(draft, state);
    if (IsTerminal(draft.progress().status)) return;
  }
  EndCancelWhenIdle(draft);
}

}  // namespace orc
