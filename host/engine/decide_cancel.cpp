#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/run_end.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// Gates and waits end at once; attempts are told, and get their grace unless the cancel is forced.
void StopSteps(Draft& draft, const CancelRequested& event) {
  for (const auto& [step, item] : draft.ActiveSteps()) {
    StepState& state = draft.EditStep(step, item);
    const bool under_way = state.status == StepStatus::kRunning;
    if (under_way) draft.Cancel(state);
    if (under_way && !event.force) {
      state.due_us = DueAfter(draft.now_us(), event.grace_ms);
    } else {
      CancelStep(draft, state);
    }
  }
}

bool IsCancelled(RunStatus status) { return status == RunStatus::kCanceling || status == RunStatus::kCanceled; }

}  // namespace

void EndCancelWhenIdle(Draft& draft) {
  if (draft.progress().status == RunStatus::kCanceling && draft.ActiveSteps().empty()) CancelRun(draft);
}

void DecideOn(Draft& draft, const CancelRequested& event) {
  const RunStatus status = draft.progress().status;
  if (IsTerminal(status) && !IsCancelled(status)) {
    return draft.Refuse(ErrorCode::kConflict, "the run is over: it is " + std::string(ToText(status)));
  }
  if (status == RunStatus::kCanceled || (status == RunStatus::kCanceling && !event.force)) return;
  RunProgress& run = draft.EditProgress();
  run.status = RunStatus::kCanceling;
  run.cancel_forced = event.force;
  draft.Log("info", std::string("cancelled") + (event.force ? " by force" : "") + (event.actor.empty() ? "" : " by " + event.actor));
  StopSteps(draft, event);
  if (draft.ActiveSteps().empty()) return CancelRun(draft, {.actor = event.actor});
  RecordRun(draft, "run.canceling", {.actor = event.actor});
}

}  // namespace orc
