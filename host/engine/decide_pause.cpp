#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/step_way.h"

namespace orc {
namespace {

bool RefuseEnded(Draft& draft, std::string_view what) {
  const RunStatus status = draft.progress().status;
  if (!IsTerminal(status) && status != RunStatus::kCanceling) return false;
  draft.Refuse(ErrorCode::kConflict, "the run cannot be " + std::string(what) + ": it is " + std::string(ToText(status)));
  return true;
}

/// What the pause held up.
void GoOn(Draft& draft, const StepKey& key) {
  const StepState& state = *draft.FindStep(key);
  if (state.is_loop()) {
    draft.TouchLoop(key.step);
  } else if (state.status == StepStatus::kPending) {
    GoOnAfterGate(draft, draft.EditStep(key));
  }
}

}  // namespace

void DecideOn(Draft& draft, const PauseRequested& event) {
  if (RefuseEnded(draft, "paused") || draft.progress().paused) return;
  draft.EditProgress().paused = true;
  draft.Settle();
  RecordRun(draft, "run.paused", {.actor = event.actor});
  draft.Log("info", "paused" + (event.actor.empty() ? "" : " by " + event.actor));
}

void DecideOn(Draft& draft, const ResumeRequested& event) {
  if (RefuseEnded(draft, "resumed") || !draft.progress().paused) return;
  draft.EditProgress().paused = false;
  draft.Settle();
  RecordRun(draft, "run.resumed", {.actor = event.actor});
  draft.Log("info", "resumed" + (event.actor.empty() ? "" : " by " + event.actor));
  for (const StepKey& key : draft.ActiveSteps()) GoOn(draft, key);
  DecideOn(draft, TimerDue{draft.now_us()});
}

}  // namespace orc
