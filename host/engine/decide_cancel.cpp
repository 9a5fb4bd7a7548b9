#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/run_end.h"

namespace orc {
namespace {

/// Whether something is left to do before the run is over.
bool Lingers(const Draft& draft) {
  if (draft.progress().cancel_forced) return draft.HasActive();
  return draft.HasActive() || draft.definition().finally_count > 0 || draft.HasUndoable();
}

/// Of a run of which nothing began.
void CancelUnbegun(Draft& draft) {
  draft.EditProgress().outcome = RunStatus::kCanceled;
  EndRun(draft);
}

}  // namespace

void DecideOn(Draft& draft, const CancelRequested& event) {
  const RunStatus status = draft.progress().status;
  if (status == RunStatus::kCanceled) return;
  if (IsTerminal(status)) return draft.Refuse(ErrorCode::kConflict, "the run is over: it is " + std::string(ToText(status)));
  const bool is_under_way = draft.progress().outcome == RunStatus::kCanceled;
  if (is_under_way && (!event.force || draft.progress().cancel_forced)) return;
  draft.SetActor(event.actor);
  draft.Log("info", std::string("cancelled") + (event.force ? " by force" : "") + (event.actor.empty() ? "" : " by " + event.actor));
  const bool has_begun = draft.progress().started_us != 0;
  if (!has_begun) return CancelUnbegun(draft);
  RunProgress& run = draft.EditProgress();
  run.outcome = RunStatus::kCanceled;
  run.paused = run.queued = false;
  run.cancel_forced = event.force;
  // Compensations and finally steps that are under way go on, unless it is by force.
  if (run.phase == RunPhase::kSteps || event.force) StopSteps(draft, event.force, event.grace_ms);
  draft.Settle();
  if (Lingers(draft)) RecordRun(draft, "run.canceling", {.actor = event.actor});
}

}  // namespace orc
