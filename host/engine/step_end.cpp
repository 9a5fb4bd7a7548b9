#include "engine/step_end.h"

#include "engine/history.h"
#include "engine/retry_policy.h"
#include "engine/run_end.h"
#include "engine/try_start.h"

namespace orc {
namespace {

std::string Quoted(const Draft& draft, const StepState& state) { return "step \"" + draft.StepOf(state).name + "\": "; }

void End(Draft& draft, StepState& state, StepStatus status) {
  state.status = status;
  state.due_us = 0;
  state.finished_us = draft.now_us();
}

void KeepDocuments(Draft& draft, const StepState& state, const AttemptFinished& result) {
  if (!result.output.empty()) draft.AddDocument(Document::Kind::kOutput, state, result.output);
  if (!result.response_headers.empty()) draft.AddDocument(Document::Kind::kResponseHeaders, state, result.response_headers);
}

/// What the step shows as its error, never without a code and a sentence.
StepError ErrorOf(const AttemptFinished& result) {
  StepError error = result.error;
  if (result.outcome == AttemptFinished::Outcome::kCanceled) error.code = "cancelled";
  if (error.code.empty()) error.code = "plugin_error";
  if (error.message.empty())
    error.message = error.code == "cancelled" ? "the action stopped by itself" : "the action failed without saying why";
  return error;
}

}  // namespace

void SucceedStep(Draft& draft, StepState& state, const AttemptFinished& result) {
  End(draft, state, StepStatus::kSucceeded);
  state.http_code = result.http_code;
  state.error.reset();
  KeepDocuments(draft, state, result);
  if (result.output.empty()) draft.AddDocument(Document::Kind::kOutput, state, "null");
  draft.EditProgress().next_step = state.step + 1;
  RecordStep(draft, "step.succeeded", state);
}

void FailTry(Draft& draft, StepState& state, const AttemptFinished& result) {
  const StepError error = ErrorOf(result);
  const auto wait_ms = NextTryAfterMs(draft.StepOf(state).retry, error, state.tries, result.retry_after_ms);
  if (!wait_ms) return FailStep(draft, state, result);
  state.error = error;
  state.http_code = result.http_code;
  state.status = StepStatus::kWaiting;
  state.due_us = DueAfter(draft.now_us(), *wait_ms);
  draft.Settle();
  const std::string next = "next try in " + std::to_string(*wait_ms) + " ms";
  RecordStep(draft, "step.retrying", state, {.note = next});
  draft.Log(state, "warn", Quoted(draft, state) + "try " + std::to_string(state.tries) + " failed: " + error.message + "; " + next);
  if (*wait_ms == 0) StartTry(draft, state);
}

void FailStep(Draft& draft, StepState& state, const AttemptFinished& result) {
  End(draft, state, StepStatus::kFailed);
  state.error = ErrorOf(result);
  state.http_code = result.http_code;
  KeepDocuments(draft, state, result);
  RecordStep(draft, "step.failed", state);
  const std::string tries = state.tries > 1 ? "failed after " + std::to_string(state.tries) + " tries: " : "failed: ";
  draft.Log(state, "error", Quoted(draft, state) + tries + state.error->message);
  FailRun(draft, state.error->message);
}

void FailStep(Draft& draft, StepState& state, StepError error) {
  AttemptFinished result;
  result.outcome = AttemptFinished::Outcome::kFailed;
  result.error = std::move(error);
  FailStep(draft, state, result);
}

void CancelStep(Draft& draft, StepState& state) {
  End(draft, state, StepStatus::kCanceled);
  RecordStep(draft, "step.canceled", state);
}

}  // namespace orc
