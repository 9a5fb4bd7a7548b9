#include "engine/evaluate.h"

#include "engine/run_scope.h"
#include "expr/value_json.h"

namespace orc {
namespace {

constexpr size_t kMaxContextBytes = 8u << 20;    // the whole context is written anew
constexpr size_t kMaxDecisionBytes = 32u << 20;  // a chain of control actions is one decision

bool IsKnownNow(std::string_view name) { return name != "secrets"; }

Error WrongType(const Expression& expression, const char* wanted, const Value& found) {
  return Error{ErrorCode::kInvalid,
               std::string(wanted) + " is expected, found " + std::string(found.type_name()),
               {{"", "", ExpressionPlace{expression.source(), 1, 1}, ""}}};
}

Result<bool> AsBool(const Expression& expression, const Result<Value>& value) {
  if (!value.ok()) return value.error();
  if (!value->is(Value::Kind::kBool)) return WrongType(expression, "a bool", *value);
  return value->get_bool();
}

/// A sentence that says where in the document it is.
Error WithPointer(Error error) {
  if (!error.problems.empty() && !error.problems.front().pointer.empty()) {
    error.message = "at " + error.problems.front().pointer + ": " + error.problems.front().detail;
  }
  return error;
}

Error TooLarge(std::string_view what, size_t limit) {
  return Error{ErrorCode::kTooLarge, std::string(what) + " would be over the limit of " + std::to_string(limit) + " bytes"};
}

/// Of what the expression failed with: {source, line, column, cause}.
std::string PlaceText(const ExpressionPlace& place, const std::string& cause) {
  return PrintJson(JsonObject{{"source", place.source}, {"line", place.line}, {"column", place.column}, {"cause", cause}});
}

/// Only what can be read again may be written.
Result<Json> Storable(Result<Json> value) {
  constexpr size_t kMaxDepth = JsonLimits{}.max_depth;
  if (!value.ok() || !IsDeeperThan(*value, kMaxDepth)) return value;
  return Error{ErrorCode::kTooLarge, "the result is nested deeper than " + std::to_string(kMaxDepth) + " levels"};
}

Result<Json> ResultJson(const Draft& draft) {
  const Definition& definition = draft.definition();
  const RunScope scope(draft);
  if (definition.output_template) {
    Result<Json> filled = definition.output_template->Evaluate(scope);
    return filled.ok() ? Storable(std::move(filled)) : WithPointer(std::move(filled).error());
  }
  Budget budget;
  ORC_ASSIGN_OR_RETURN(const Value value, definition.output->Evaluate(scope, budget));
  return Storable(ToJson(value, budget));
}

}  // namespace

Result<bool> EvaluateBool(const Draft& draft, const StepState& state, const Expression& expression) {
  const RunScope scope(draft, &state);
  return AsBool(expression, expression.Evaluate(scope));
}

Result<bool> EvaluateUntil(const Draft& draft, const StepState& state, const Expression& expression, const std::string& output) {
  RunScope scope(draft, &state);
  Result<Json> parsed = output.empty() ? Result<Json>(Json(nullptr)) : ParseJson(output);
  if (!parsed.ok()) return parsed.error();
  scope.SetOutput(*std::move(parsed));
  return AsBool(expression, expression.Evaluate(scope));
}

Result<JsonArray> EvaluateItems(const Draft& draft, const StepState& state, const Expression& expression) {
  const RunScope scope(draft, &state);
  Budget budget;
  ORC_ASSIGN_OR_RETURN(const Value value, expression.Evaluate(scope, budget));
  if (!value.is(Value::Kind::kList) && !value.is(Value::Kind::kMap)) return WrongType(expression, "a list or a map", value);
  ORC_ASSIGN_OR_RETURN(Json json, Storable(ToJson(value, budget)));
  if (json.is_array()) return std::move(json.get_array());
  JsonArray items;
  for (auto& member : json.get_object()) items.push_back(JsonObject{{"key", member.key()}, {"value", std::move(member.value())}});
  return items;
}

Result<Json> EvaluateValue(const Draft& draft, const StepState& state, const Expression& expression) {
  const RunScope scope(draft, &state);
  Budget budget;
  ORC_ASSIGN_OR_RETURN(const Value value, expression.Evaluate(scope, budget));
  return Storable(ToJson(value, budget));
}

Result<std::string> EvaluateKey(const Draft& draft, const StepState& state, const Expression& expression) {
  ORC_ASSIGN_OR_RETURN(const Json value, EvaluateValue(draft, state, expression));
  const bool is_scalar = value.is_string() || value.is_number() || value.is_bool();
  if (!is_scalar) return Error{ErrorCode::kInvalid, "a text, number or bool is expected, found " + DescribeJson(value)};
  std::string text = value.is_string() ? std::string(value.get_string()) : PrintJson(value);
  if (text.empty()) return Error{ErrorCode::kInvalid, "an empty text is no key"};
  return text;
}

Result<Json> Fill(const Draft& draft, const StepState& state, const Template& text) {
  const RunScope scope(draft, &state);
  Result<Json> filled = text.Evaluate(scope);
  return filled.ok() ? Storable(std::move(filled)) : WithPointer(std::move(filled).error());
}

Result<Json> FillInput(const Draft& draft, const StepState& state) {
  const StepDefinition& step = draft.StepOf(state);
  if (!step.input_template.has_expressions()) return step.input;
  const RunScope scope(draft, &state);
  Result<Json> filled = step.names_secrets ? step.input_template.EvaluateKnown(IsKnownNow, scope) : step.input_template.Evaluate(scope);
  return filled.ok() ? Storable(std::move(filled)) : WithPointer(std::move(filled).error());
}

Result<void> WriteResult(Draft& draft) {
  if (draft.definition().output == nullptr && !draft.definition().output_template) return {};
  ORC_ASSIGN_OR_RETURN(const Json result, ResultJson(draft));
  draft.AddDocument(Document::Kind::kOutput, {kOfRun, -1}, PrintJson(result));
  return {};
}

Result<void> MergeIntoContext(Draft& draft, const JsonObject& members) {
  for (const auto& [key, value] : members) {
    if (IsDeeperThan(value, JsonLimits{}.max_depth - 1)) {
      return Error{ErrorCode::kTooLarge, "\"" + std::string(key) + "\" would nest the run's context deeper than it can be read again"};
    }
  }
  const size_t bytes = PrintJson(members).size();
  if (draft.document_bytes() + bytes > kMaxDecisionBytes) return TooLarge("what the steps up to here write together", kMaxDecisionBytes);
  // What is set may take the place of as much: only near the limit is the context counted anew.
  if (draft.ContextBytesAtMost() + bytes > kMaxContextBytes) draft.CountContextAnew();
  if (draft.ContextBytesAtMost() + bytes > kMaxContextBytes) return TooLarge("the run's context", kMaxContextBytes);
  draft.NoteContextGrowth(bytes);
  JsonObject& context = draft.EditContext();
  for (const auto& [key, value] : members) context.insert_or_assign(key, value);
  return {};
}

StepError ExpressionError(std::string_view what, const Error& error) {
  const bool has_place = !error.problems.empty() && error.problems.front().place.has_value();
  const bool is_input = what == "input";  // its message says where in the input
  return {"expression_error", (is_input ? "" : std::string(what) + ": ") + error.message, false,
          has_place ? PlaceText(*error.problems.front().place, error.message) : ""};
}

}  // namespace orc
