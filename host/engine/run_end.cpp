#include "engine/run_end.h"

#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/made_run_id.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

/// Gates and waits are over; attempts and sub-workflows are not touched.
void EndIdleSteps(Draft& draft) {
  for (const StepKey& key : draft.ActiveSteps()) {
    const StepState& state = *draft.FindStep(key);
    if (state.is_loop()) {
      draft.TouchLoop(key.step);
    } else if (state.status != StepStatus::kRunning && !(state.status == StepStatus::kWaiting && state.wait == StepWait::kRun)) {
      CancelStep(draft, draft.EditStep(key));
    }
  }
}

void Decided(Draft& draft, RunStatus outcome) {
  draft.EditProgress().outcome = outcome;
  EndIdleSteps(draft);
}

void EnterPhase(Draft& draft, RunPhase phase, std::string_view event) {
  draft.EditProgress().phase = phase;
  draft.Settle();
  if (!event.empty()) RecordRun(draft, event);
}

bool BeginCompensation(Draft& draft) {
  const auto undone = draft.TakeUndoable();
  if (!undone) return false;
  if (draft.progress().phase != RunPhase::kCompensating) EnterPhase(draft, RunPhase::kCompensating, "run.compensating");
  const auto step = static_cast<uint32_t>(draft.definition().steps[undone->step].compensation);
  PassWork(draft, draft.EditStep({step, undone->item}));
  return true;
}

bool BeginFinally(Draft& draft) {
  const Definition& definition = draft.definition();
  for (uint32_t step = definition.main_count; step < definition.main_count + definition.finally_count; ++step) {
    if (draft.FindStep({step, -1}) != nullptr) continue;
    if (draft.progress().phase != RunPhase::kFinally) EnterPhase(draft, RunPhase::kFinally, "run.finally");
    BeginStep(draft, step);
    return true;
  }
  return false;
}

int64_t RetentionMs(const Retention& retention, RunStatus status) {
  switch (status) {
    case RunStatus::kSucceeded:
      return retention.succeeded_ms;
    case RunStatus::kFailed:
      return retention.failed_ms;
    case RunStatus::kCanceled:
      return retention.canceled_ms;
    default:
      return retention.timed_out_ms;
  }
}

/// What the workflow of `on_failure` is given as its context.
std::string FailureContext(const Draft& draft) {
  const RunProgress& run = draft.progress();
  JsonObject failed = {{"id", draft.run().identity.id},
                       {"workflow_id", draft.run().identity.workflow_id},
                       {"workflow_name", draft.definition().name},
                       {"workflow_version", draft.run().identity.workflow_version},
                       {"attempt", run.attempt},
                       {"status", ToText(run.status)},
                       {"error", run.error},
                       {"error_code", run.error_code}};
  if (run.next_step < draft.definition().main_count) failed["step_id"] = draft.definition().steps[run.next_step].id;
  return PrintJson(JsonObject{{"failed_run", std::move(failed)}, {"context", draft.context()}});
}

void StartFailureWorkflow(Draft& draft) {
  const bool failed = draft.progress().status == RunStatus::kFailed || draft.progress().status == RunStatus::kTimedOut;
  if (!failed || draft.definition().on_failure.empty()) return;
  const std::string seed = draft.run().identity.id + ":on_failure:" + std::to_string(draft.progress().attempt);
  draft.StartRun({.run_id = MadeRunId(draft.now_us(), seed), .workflow = draft.definition().on_failure, .context = FailureContext(draft)});
}

std::string_view EndEvent(RunStatus status) {
  switch (status) {
    case RunStatus::kSucceeded:
      return "run.succeeded";
    case RunStatus::kFailed:
      return "run.failed";
    case RunStatus::kCanceled:
      return "run.canceled";
    default:
      return "run.timed_out";
  }
}

}  // namespace

void FailRun(Draft& draft, const StepError& error) {
  if (draft.progress().outcome) return;
  draft.EditProgress().error = error.message;
  draft.EditProgress().error_code = error.code;
  Decided(draft, RunStatus::kFailed);
}

void StopRun(Draft& draft) {
  if (!draft.progress().outcome) Decided(draft, RunStatus::kSucceeded);
}

void NoteFinallyFailure(Draft& draft, const StepError& error) {
  RunProgress& run = draft.EditProgress();
  run.finally_failed = true;
  if (!run.error.empty()) return;
  run.error = error.message;
  run.error_code = error.code;
}

void StopSteps(Draft& draft, bool force, int64_t grace_ms) {
  for (const StepKey& key : draft.ActiveSteps()) {
    StepState& state = draft.EditStep(key);
    if (IsTerminal(state.status)) continue;  // ended with one before it
    if (state.is_loop()) {
      draft.TouchLoop(key.step);
      continue;
    }
    const bool has_child = state.status == StepStatus::kWaiting && state.wait == StepWait::kRun;
    const bool under_way = state.status == StepStatus::kRunning;
    if (has_child) draft.CancelRun(state.wait_for, force);
    if (under_way) draft.Cancel(state);
    if (force || !(under_way || has_child)) {
      CancelStep(draft, state);
    } else {
      state.due_us = under_way ? DueAfter(draft.now_us(), grace_ms) : 0;  // a sub-workflow takes the time that it takes
    }
  }
}

void FinishSteps(Draft& draft) {
  draft.EditProgress().next_step = draft.definition().main_count;
  const Result<void> written = WriteResult(draft);
  if (!written.ok()) {
    const StepError error = ExpressionError("output", written.error());
    draft.Log("error", "the result could not be made: " + error.message);
    draft.EditProgress().outcome.reset();
    return FailRun(draft, error);
  }
  Decided(draft, RunStatus::kSucceeded);
}

bool GoOnEnding(Draft& draft) {
  const RunProgress& run = draft.progress();
  const bool undo = *run.outcome != RunStatus::kSucceeded && run.phase != RunPhase::kFinally;
  if (run.cancel_forced) {
    EndRun(draft);
    return true;
  }
  if (run.paused) return false;
  if ((undo && BeginCompensation(draft)) || BeginFinally(draft)) return true;
  EndRun(draft);
  return true;
}

void EndRun(Draft& draft) {
  RunProgress& run = draft.EditProgress();
  run.status = *run.outcome;
  if (run.status == RunStatus::kSucceeded && run.finally_failed) run.status = RunStatus::kFailed;
  run.paused = run.queued = false;
  run.finished_us = draft.now_us();
  const int64_t keep_ms = RetentionMs(draft.definition().retention, run.status);
  run.expires_us = keep_ms < 0 ? 0 : DueAfterLong(draft.now_us(), keep_ms);
  RecordRun(draft, EndEvent(run.status), {.note = run.status == RunStatus::kSucceeded ? draft.note() : run.error, .actor = draft.actor()});
  StartFailureWorkflow(draft);
}

}  // namespace orc
