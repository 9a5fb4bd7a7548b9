#include <charconv>

#include "engine/built_in.h"
#include "engine/run_end.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

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

bool Holds(const Json& input, const Json& value) {
  const Json* equals = Find(input, "equals");
  const Json* not_equals = Find(input, "not_equals");
  return (equals == nullptr || JsonEquals(value, *equals)) && (not_equals == nullptr || !JsonEquals(value, *not_equals));
}

/// Empty, or what is wrong with the filled-in input.
std::string FaultOf(const Json& input) {
  const Json* key = Find(input, "key");
  if (key == nullptr || !key->is_string()) {
    return "input/key: expected a dotted path in the context, found " + (key == nullptr ? "nothing" : DescribeJson(*key));
  }
  const Json* on_false = Find(input, "on_false");
  if (on_false == nullptr || on_false->is_null()) return {};
  const std::string_view word = StringAt(input, "on_false", "?");
  if (word == "stop" || word == "fail" || word == "continue" || word.empty()) return {};
  return "input/on_false: expected \"stop\", \"fail\" or \"continue\", found " + DescribeJson(*on_false);
}

}  // namespace

void RunCondition(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, draft.StepOf(state));
  if (!input.ok()) return FailStep(draft, state, StepError{"expression_error", input.error().message, false, ""});
  if (std::string fault = FaultOf(*input); !fault.empty()) {
    return FailStep(draft, state, StepError{"input_invalid", std::move(fault), false, ""});
  }
  const std::string_view key = StringAt(*input, "key");
  const bool holds = Holds(*input, ValueAt(draft.context(), key));
  const std::string_view on_false = StringAt(*input, "on_false");
  AttemptFinished result;
  result.output = holds ? R"({"result":true})" : R"({"result":false})";
  if (!holds && on_false == "fail") {
    result.outcome = AttemptFinished::Outcome::kFailed;
    result.error = {"condition_false", "the condition on \"" + std::string(key) + "\" does not hold", false, ""};
    return FailStep(draft, state, result);
  }
  SucceedStep(draft, state, result);
  if (!holds && on_false == "stop") SucceedRun(draft, {.note = "stopped by the condition \"" + draft.StepOf(state).name + "\""});
}

}  // namespace orc
