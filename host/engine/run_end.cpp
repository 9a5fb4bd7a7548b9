#include "engine/run_end.h"

namespace orc {
namespace {

RunProgress& End(Draft& draft, RunStatus status) {
  RunProgress& run = draft.EditProgress();
  run.status = status;
  run.finished_us = draft.now_us();
  run.wake_us = 0;
  return run;
}

}  // namespace

void SucceedRun(Draft& draft, const HistoryNote& note) {
  End(draft, RunStatus::kSucceeded).next_step = static_cast<uint32_t>(draft.definition().steps.size());
  RecordRun(draft, "run.succeeded", note);
}

void FailRun(Draft& draft, const std::string& error) {
  End(draft, RunStatus::kFailed).error = error;
  RecordRun(draft, "run.failed", {.note = error});
}

void CancelRun(Draft& draft, const HistoryNote& note) {
  End(draft, RunStatus::kCanceled);
  RecordRun(draft, "run.canceled", note);
}

}  // namespace orc
