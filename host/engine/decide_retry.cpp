#include "engine/advance.h"
#include "engine/decisions.h"
#include "engine/history.h"

namespace orc {

void DecideOn(Draft& draft, const RetryRequested& event) {
  const RunStatus status = draft.progress().status;
  if (status != RunStatus::kFailed && status != RunStatus::kTimedOut) {
    return draft.Refuse(ErrorCode::kConflict, "only a FAILED or TIMED_OUT run can be retried; this one is " + std::string(ToText(status)));
  }
  RunProgress& run = draft.EditProgress();
  run.status = RunStatus::kRunning;
  ++run.attempt;
  run.finished_us = 0;
  run.cancel_forced = false;
  run.error.clear();
  draft.ClearFrom(run.next_step);
  RecordRun(draft, "run.retried", {.actor = event.actor});
  RecordRun(draft, "run.started", {.actor = event.actor});
  draft.Log("info",
            "attempt " + std::to_string(run.attempt) + " of the run" + (event.actor.empty() ? "" : ", asked for by " + event.actor));
  Advance(draft);
}

}  // namespace orc
