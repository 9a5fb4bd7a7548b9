#include "engine/advance.h"
#include "engine/decisions.h"
#include "engine/history.h"

namespace orc {

void DecideOn(Draft& draft, const RunBegun&) {
  if (draft.progress().status != RunStatus::kPending) return;
  RunProgress& run = draft.EditProgress();
  run.status = RunStatus::kRunning;
  run.started_us = draft.now_us();
  RecordRun(draft, "run.started");
  Advance(draft);
}

}  // namespace orc
