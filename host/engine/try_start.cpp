#include "engine/try_start.h"

#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// The text that every try of the round sends.
Result<std::string> InputText(Draft& draft, const StepState& state) {
  const StepDefinition& step = draft.StepOf(state);
  if (!step.input_template.has_expressions()) return step.input_text;
  if (state.tries > 0) {
    // Evaluated anew it could differ, and go out under the same idempotency key.
    if (const std::string* stored = draft.FindText(Document::Kind::kInput, state.key())) return *stored;
  }
  ORC_ASSIGN_OR_RETURN(const Json filled, FillInput(draft, state));
  std::string text = PrintJson(filled);
  draft.AddDocument(Document::Kind::kInput, state.key(), text);
  return text;
}

/// The key too is what it was at the first try.
Result<void> KeepOwnKey(Draft& draft, StepState& state) {
  const CompiledExpression& expression = draft.StepOf(state).idempotency_key;
  if (expression == nullptr || !state.own_key.empty()) return {};
  ORC_ASSIGN_OR_RETURN(state.own_key, EvaluateKey(draft, state, *expression));
  return {};
}

void Send(Draft& draft, StepState& state, std::string input) {
  const int64_t timeout_ms = draft.StepOf(state).timeout_ms;
  state.due_us = timeout_ms > 0 ? DueAfter(draft.now_us(), timeout_ms) : 0;
  draft.Start(state, std::move(input));
}

}  // namespace

void NoteTry(Draft& draft, StepState& state) {
  ++state.tries;
  if (state.started_us == 0) state.started_us = draft.now_us();
  if (state.tries == 1) state.round_started_us = draft.now_us();
  state.wait = StepWait::kNextTry;
  state.due_us = 0;
}

void StartTry(Draft& draft, StepState& state) {
  Result<std::string> input = InputText(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  const Result<void> kept = KeepOwnKey(draft, state);
  if (!kept.ok()) return FailStep(draft, state, ExpressionError("idempotency_key", kept.error()));
  NoteTry(draft, state);
  draft.SetStatus(state, StepStatus::kRunning);
  Send(draft, state, *std::move(input));
  draft.Settle();
  RecordStep(draft, "step.started", state);
}

void RepeatTry(Draft& draft, StepState& state) {
  Result<std::string> input = InputText(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  draft.Log(state, "warn",
            "step \"" + draft.StepOf(state).name + "\": try " + std::to_string(state.tries) + " is sent again: its host was restarted");
  Send(draft, state, *std::move(input));
}

}  // namespace orc
