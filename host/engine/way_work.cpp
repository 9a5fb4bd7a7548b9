// The work itself: a control action is carried out at once, any other action gets its first try.
#include "engine/control.h"
#include "engine/history.h"
#include "engine/step_way.h"
#include "engine/try_start.h"

namespace orc {

Way PassWork(Draft& draft, StepState& state) {
  const Control carry_out = FindControl(draft.StepOf(state).action);
  if (carry_out == nullptr) {
    StartTry(draft, state);
    return Way::kStay;
  }
  NoteTry(draft, state);
  draft.SetStatus(state, StepStatus::kRunning);
  draft.Settle();
  RecordStep(draft, "step.started", state);
  carry_out(draft, state);
  return Way::kStay;
}

}  // namespace orc
