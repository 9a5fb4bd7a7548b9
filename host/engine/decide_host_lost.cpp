#include "engine/decisions.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

namespace orc {
namespace {

bool IsStopping(const Draft& draft) {
  const auto& outcome = draft.progress().outcome;
  return outcome == RunStatus::kCanceled || outcome == RunStatus::kTimedOut;
}

void TakeUp(Draft& draft, StepState& state) {
  const bool stops = IsStopping(draft) && IsEnding(draft, state);
  // What was told to stop is gone with its host: nothing is left to wait for.
  stops ? CancelStep(draft, state) : RepeatTry(draft, state);
}

}  // namespace

void DecideOn(Draft& draft, const HostLost&) {
  if (draft.progress().status == RunStatus::kPending) return DecideOn(draft, RunBegun{});
  if (IsTerminal(draft.progress().status)) return;
  for (const StepKey& key : draft.ActiveSteps()) {
    const StepState& state = *draft.FindStep(key);
    if (state.status == StepStatus::kRunning && !state.is_loop()) TakeUp(draft, draft.EditStep(key));
  }
}

}  // namespace orc
