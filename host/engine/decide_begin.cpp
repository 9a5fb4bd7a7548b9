#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/run_end.h"

namespace orc {

void DecideOn(Draft& draft, const RunBegun&) {
  const bool waits_for_place = draft.progress().queued && !IsTerminal(draft.progress().status) && !draft.progress().outcome;
  if (draft.progress().status != RunStatus::kPending && !waits_for_place) return;
  RunProgress& run = draft.EditProgress();
  run.queued = false;
  run.status = RunStatus::kRunning;
  if (run.started_us == 0) run.started_us = draft.now_us();
  if (draft.definition().timeout_ms > 0) run.deadline_us = DueAfter(draft.now_us(), draft.definition().timeout_ms);
  draft.Settle();
  RecordRun(draft, "run.started");
  for (const StepKey& key : draft.ActiveSteps()) {  // of a run that is tried again: its loops go on
    if (draft.FindStep(key)->is_loop()) draft.TouchLoop(key.step);
  }
}

void DecideOn(Draft& draft, const RunQueued&) {
  if (draft.progress().status != RunStatus::kPending) return;
  draft.EditProgress().queued = true;
  draft.Settle();
  RecordQueued(draft);
}

void DecideOn(Draft& draft, const RunTurnedAway& event) {
  if (draft.progress().status != RunStatus::kPending) return;
  draft.Log("error", event.message);
  FailRun(draft, {event.code, event.message, true, ""});
  EndRun(draft);
}

}  // namespace orc
