// Expressions and templates of a run's definition, evaluated as the draft has the run now.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "engine/draft.h"

namespace orc {

// Of the step (or item) `state`: `item` and `index` are its own.
Result<bool> EvaluateBool(const Draft& draft, const StepState& state, const Expression& expression);
/// `output` (JSON text; "" means null) is what `output` stands for.
Result<bool> EvaluateUntil(const Draft& draft, const StepState& state, const Expression& expression, const std::string& output);
/// Of a map: {key, value} objects, by key.
Result<JsonArray> EvaluateItems(const Draft& draft, const StepState& state, const Expression& expression);
Result<Json> EvaluateValue(const Draft& draft, const StepState& state, const Expression& expression);
/// Text, or a number or bool as text; not empty.
Result<std::string> EvaluateKey(const Draft& draft, const StepState& state, const Expression& expression);
Result<Json> Fill(const Draft& draft, const StepState& state, const Template& text);
/// The step's input. Where it names secrets the result is a template of them: everything else is filled in.
Result<Json> FillInput(const Draft& draft, const StepState& state);

/// Evaluates the definition's `output` and adds it as the run's document; nothing when there is none.
Result<void> WriteResult(Draft& draft);

/// Puts the members into the context. kTooLarge, and nothing changes, where that would be over a limit.
Result<void> MergeIntoContext(Draft& draft, const JsonObject& members);

/// `expression_error` of a step: what was evaluated (`what`: "if", "input" …), where in the expression, and why.
StepError ExpressionError(std::string_view what, const Error& error);

}  // namespace orc
