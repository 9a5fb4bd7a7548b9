#include "engine/step_end.h"

#include "engine/history.h"
#include "engine/run_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

using Role = StepDefinition::Role;

void KeepDocuments(Draft& draft, const StepState& state, const AttemptFinished& result) {
  if (!result.output.empty()) draft.AddDocument(Document::Kind::kOutput, state.key(), result.output);
  if (!result.response_headers.empty()) draft.AddDocument(Document::Kind::kResponseHeaders, state.key(), result.response_headers);
}

/// The run goes past a main step.
void Pass(Draft& draft, const StepState& state) {
  RunProgress& run = draft.EditProgress();
  if (!draft.definition().is_graph) {
    run.next_step = std::max(run.next_step, state.step + 1);  // a `goto` or `skip_to` may have gone further
    return;
  }
  const auto is_passed = [&draft](uint32_t step) {
    const StepState* found = draft.FindStep({step, -1});
    return found != nullptr && IsMet(*found);
  };
  while (run.next_step < draft.definition().main_count && is_passed(run.next_step)) ++run.next_step;
}

void FollowMain(Draft& draft, const StepState& state) {
  if (IsMet(state)) return Pass(draft, state);
  if (state.status != StepStatus::kFailed) return;
  if (draft.definition().is_graph && !draft.progress().outcome) draft.EditProgress().next_step = state.step;
  FailRun(draft, *state.error);
}

void End(Draft& draft, StepState& state, StepStatus status, std::string_view event, const HistoryNote& note = {}) {
  state.due_us = 0;
  if (state.wait != StepWait::kRun) {  // which run it was stays worth knowing
    state.wait_for.clear();
    state.wait = StepWait::kNextTry;
  }
  state.finished_us = draft.now_us();
  const bool can_be_undone = draft.StepOf(state).compensation >= 0 && !state.is_loop();
  if (status == StepStatus::kSucceeded && can_be_undone) state.ended_no = draft.progress().next_event;
  draft.SetStatus(state, status);
  RecordStep(draft, event, state, note);
}

/// What the end of the step means for what it belongs to.
void Follow(Draft& draft, const StepState& state) {
  const Role role = draft.StepOf(state).role;
  if (role == Role::kCompensation) {
    if (state.status == StepStatus::kFailed) draft.EditProgress().undoing_failed = true;
  } else if (state.item >= 0) {
    NoteItemEnd(draft, state);
  } else if (role == Role::kFinally) {
    if (state.status == StepStatus::kFailed && !state.caught) NoteFinallyFailure(draft, *state.error);
  } else {
    FollowMain(draft, state);
  }
}

}  // namespace

bool IsEnding(const Draft& draft, const StepState& state) {
  const RunProgress& run = draft.progress();
  return run.cancel_forced || (run.outcome.has_value() && draft.StepOf(state).role == Role::kStep);
}

StepError ErrorOf(const AttemptFinished& result) {
  StepError error = result.error;
  if (result.outcome == AttemptFinished::Outcome::kCanceled) error.code = "cancelled";
  if (error.code.empty()) error.code = "plugin_error";
  if (error.message.empty())
    error.message = error.code == "cancelled" ? "the action stopped by itself" : "the action failed without saying why";
  return error;
}

void SucceedTry(Draft& draft, StepState& state, const AttemptFinished& result) {
  if (PassRepeat(draft, state, result) == Way::kStay) return;
  state.http_code = result.http_code;
  state.error.reset();
  KeepDocuments(draft, state, result);
  if (result.output.empty()) draft.AddDocument(Document::Kind::kOutput, state.key(), "null");
  End(draft, state, StepStatus::kSucceeded, "step.succeeded");
  Follow(draft, state);
}

void EndLoopWell(Draft& draft, StepState& loop) {
  const std::string failed = loop.loop.failed > 0 ? std::to_string(loop.loop.failed) + " items failed" : "";
  End(draft, loop, StepStatus::kSucceeded, "step.succeeded", {.note = failed});
  Follow(draft, loop);
}

void FailTry(Draft& draft, StepState& state, const AttemptFinished& result) {
  if (PassRetry(draft, state, result) == Way::kGoOn) FailStep(draft, state, result);
}

void FailStep(Draft& draft, StepState& state, const AttemptFinished& result) {
  StepError error = ErrorOf(result);
  if (result.http_code != 0) state.http_code = result.http_code;
  KeepDocuments(draft, state, result);
  state.error = error;
  const bool caught = PassCatch(draft, state, error) == Way::kStay;
  End(draft, state, StepStatus::kFailed, "step.failed", {.note = caught ? "caught" : ""});
  const std::string tries = state.tries > 1 ? "failed after " + std::to_string(state.tries) + " tries: " : "failed: ";
  draft.Log(state, caught ? "warn" : "error",
            "step \"" + draft.StepOf(state).name + "\": " + tries + error.message + (caught ? "; it was caught" : ""));
  Follow(draft, state);
}

void FailStep(Draft& draft, StepState& state, StepError error) {
  AttemptFinished result;
  result.outcome = AttemptFinished::Outcome::kFailed;
  result.error = std::move(error);
  FailStep(draft, state, result);
}

void SkipStep(Draft& draft, StepState& state, std::string_view why) {
  End(draft, state, StepStatus::kSkipped, "step.skipped", {.note = why});
  Follow(draft, state);
}

void CancelStep(Draft& draft, StepState& state) {
  End(draft, state, StepStatus::kCanceled, "step.canceled");
  Follow(draft, state);
}

}  // namespace orc
