// `condition`: what does not hold stops or fails the run, or leads past some steps.
#include <charconv>

#include "engine/control.h"
#include "engine/evaluate.h"
#include "engine/run_end.h"
#include "engine/step_end.h"

namespace orc {
namespace {

const Json* Descend(const Json& value, std::string_view part) {
  if (value.is_object()) return Find(value, part);
  if (!value.is_array()) return nullptr;
  size_t index = 0;
  const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (fault != std::errc() || end != part.data() + part.size()) return nullptr;
  return value.get_array().if_contains(index);
}

/// The value at a dotted path; null when there is nothing.
Json ValueAt(const Json& context, std::string_view path) {
  const Json* value = &context;
  while (value != nullptr) {
    const size_t dot = path.find('.');
    value = Descend(*value, path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return value != nullptr ? *value : Json(nullptr);
}

bool Compare(const Json& input, const Json& value) {
  const Json* equals = Find(input, "equals");
  const Json* not_equals = Find(input, "not_equals");
  return (equals == nullptr || JsonEquals(value, *equals)) && (not_equals == nullptr || !JsonEquals(value, *not_equals));
}

/// What is to be done when it does not hold.
struct OnFalse {
  enum class Kind : uint8_t { kGoOn, kStop, kFail, kSkip };
  Kind kind = Kind::kGoOn;
  uint32_t step = 0;  // kSkip: to which
};

Result<OnFalse> ParseOnFalse(const Draft& draft, const StepState& state, const Json& input) {
  constexpr std::string_view kSkipTo = "skip_to:";
  const Json* given = Find(input, "on_false");
  const std::string_view word = given == nullptr || given->is_null() ? "continue" : StringAt(input, "on_false", "?");
  if (word == "continue" || word.empty()) return OnFalse{};
  if (word == "stop") return OnFalse{OnFalse::Kind::kStop};
  if (word == "fail") return OnFalse{OnFalse::Kind::kFail};
  if (!word.starts_with(kSkipTo)) {
    return Error{ErrorCode::kInvalid,
                 "input/on_false: expected \"stop\", \"fail\", \"continue\" or \"skip_to:<step>\", found " + DescribeJson(*given)};
  }
  const int step = draft.definition().FindStep(word.substr(kSkipTo.size()));
  const bool is_ahead = step > static_cast<int>(state.step) && static_cast<uint32_t>(step) < draft.definition().main_count;
  if (!is_ahead || draft.definition().is_graph || state.item >= 0) {
    return Error{ErrorCode::kInvalid, "input/on_false: \"" + std::string(word) + "\" does not name a later step of a sequence"};
  }
  return OnFalse{OnFalse::Kind::kSkip, static_cast<uint32_t>(step)};
}

struct Judged {
  bool holds = false;
  std::string what = {};  // for people
};

Result<Judged> Judge(const Draft& draft, const StepState& state, const Json& input) {
  if (const CompiledExpression& expression = draft.StepOf(state).control_expression) {
    ORC_ASSIGN_OR_RETURN(const bool holds, EvaluateBool(draft, state, *expression));
    return Judged{holds, "`" + expression->source() + "`"};
  }
  const std::string_view key = StringAt(input, "key");
  return Judged{Compare(input, ValueAt(draft.context(), key)), "on \"" + std::string(key) + "\""};
}

/// "" or what is wrong with the filled-in input.
std::string FaultOf(const Draft& draft, const StepState& state, const Json& input) {
  if (draft.StepOf(state).control_expression != nullptr) return {};
  const Json* key = Find(input, "key");
  if (key != nullptr && key->is_string()) return {};
  return "input/key: expected a dotted path in the context, found " + (key == nullptr ? "nothing" : DescribeJson(*key));
}

void Fail(Draft& draft, StepState& state, AttemptFinished result, const Json& input, const std::string& what) {
  const std::string_view message = StringAt(input, "message");
  result.outcome = AttemptFinished::Outcome::kFailed;
  result.error = {"condition_false", message.empty() ? "the condition " + what + " does not hold" : std::string(message), false, ""};
  FailStep(draft, state, result);
}

}  // namespace

void RunCondition(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  if (std::string fault = FaultOf(draft, state, *input); !fault.empty()) {
    return FailStep(draft, state, StepError{"input_invalid", std::move(fault), false, ""});
  }
  const Result<OnFalse> on_false = ParseOnFalse(draft, state, *input);
  if (!on_false.ok()) return FailStep(draft, state, StepError{"input_invalid", on_false.error().message, false, ""});
  const Result<Judged> judged = Judge(draft, state, *input);
  if (!judged.ok()) return FailStep(draft, state, ExpressionError("input/if", judged.error()));
  AttemptFinished result;
  result.output = judged->holds ? R"({"result":true})" : R"({"result":false})";
  if (!judged->holds && on_false->kind == OnFalse::Kind::kFail) return Fail(draft, state, std::move(result), *input, judged->what);
  SucceedTry(draft, state, result);
  if (judged->holds) return;
  if (on_false->kind == OnFalse::Kind::kSkip) draft.EditProgress().next_step = on_false->step;
  if (on_false->kind != OnFalse::Kind::kStop) return;
  draft.SetNote("stopped by the condition \"" + draft.StepOf(state).name + "\"");
  StopRun(draft);
}

}  // namespace orc
