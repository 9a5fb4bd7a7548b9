#include "engine/decisions.h"
#include "engine/history.h"

namespace orc {

void DecideOn(Draft& draft, const RunBegun&) {
  const bool waits_for_place = draft.progress().queued && !IsTerminal(draft.progress().status) && !draft.progress().outcome;
  if (draft.progress().status != RunStatus::kPending && !waits_for_place) return;
  RunProgress& run = draft.EditProgress();
  run.queued = false;
  run.status = RunStatus::kRunning;
  run.started_us = draft.now_us();
  if (draft.definition().timeout_ms > 0) run.deadline_us = DueAfter(draft.now_us(), draft.definition().timeout_ms);
  draft.Settle();
  RecordRun(draft, "run.started");
}

void DecideOn(Draft& draft, const RunQueued&) {
  if (draft.progress().status != RunStatus::kPending) return;
  draft.EditProgress().queued = true;
  draft.Settle();
  RecordRun(draft, "run.queued", {.note = "all places under its workflow's limit are taken"});
}

}  // namespace orc
