#include "engine/try_start.h"

#include "engine/history.h"
#include "engine/run_scope.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// The text that every try of the step sends.
Result<std::string> InputText(Draft& draft, const StepState& state) {
  const StepDefinition& step = draft.StepOf(state);
  if (!step.input_template.has_expressions()) return step.input_text;
  if (state.tries > 0) {
    // Evaluated anew it could differ, and go out under the same idempotency key.
    if (const std::string* stored = draft.FindInput(state.step, state.item)) return *stored;
  }
  ORC_ASSIGN_OR_RETURN(const Json filled, FillInput(draft, step));
  std::string text = PrintJson(filled);
  draft.AddDocument(Document::Kind::kInput, state, text);
  return text;
}

void Send(Draft& draft, StepState& state, std::string input) {
  const int64_t timeout_ms = draft.StepOf(state).timeout_ms;
  state.due_us = timeout_ms > 0 ? DueAfter(draft.now_us(), timeout_ms) : 0;
  draft.Start(state, std::move(input));
}

}  // namespace

Result<Json> FillInput(const Draft& draft, const StepDefinition& step) {
  if (!step.input_template.has_expressions()) return step.input;
  const RunScope scope(draft);
  Result<Json> filled = step.input_template.Evaluate(scope);
  if (filled.ok()) return filled;
  Error error = std::move(filled).error();
  if (!error.problems.empty()) {
    error.message = "at " + error.problems.front().pointer + ": " + error.problems.front().detail;
  }
  return error;
}

void StartTry(Draft& draft, StepState& state) {
  Result<std::string> input = InputText(draft, state);
  if (!input.ok()) return FailStep(draft, state, StepError{"expression_error", input.error().message, false, ""});
  ++state.tries;
  if (state.started_us == 0) state.started_us = draft.now_us();
  state.status = StepStatus::kRunning;
  Send(draft, state, *std::move(input));
  draft.Settle();
  RecordStep(draft, "step.started", state);
}

void RepeatTry(Draft& draft, StepState& state) {
  Result<std::string> input = InputText(draft, state);
  if (!input.ok()) return FailStep(draft, state, StepError{"expression_error", input.error().message, false, ""});
  draft.Log(state, "warn",
            "step \"" + draft.StepOf(state).name + "\": try " + std::to_string(state.tries) + " is sent again: its host was restarted");
  Send(draft, state, *std::move(input));
}

}  // namespace orc
