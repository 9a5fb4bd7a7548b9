// `transform`: reshapes the run's data.
#include "engine/control.h"
#include "engine/evaluate.h"
#include "engine/step_end.h"

namespace orc {
namespace {

constexpr size_t kMaxOutputBytes = 2u << 20;  // as of any action, unless configured otherwise

/// The output: of `expr`, else what is set, else nothing.
Result<std::string> Output(Draft& draft, const StepState& state, const Json* set) {
  const CompiledExpression& expression = draft.StepOf(state).control_expression;
  if (expression == nullptr) return set != nullptr ? PrintJson(*set) : "{}";
  ORC_ASSIGN_OR_RETURN(const Json value, EvaluateValue(draft, state, *expression));
  return PrintJson(value);
}

StepError TooLarge(std::string message) { return {"output_too_large", std::move(message), false, ""}; }

}  // namespace

void RunTransform(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  const Json* set = Find(*input, "set");
  if (set != nullptr && !set->is_object()) {
    return FailStep(draft, state, StepError{"input_invalid", "input/set: expected an object, found " + DescribeJson(*set), false, ""});
  }
  Result<std::string> output = Output(draft, state, set);
  if (!output.ok()) return FailStep(draft, state, ExpressionError("input/expr", output.error()));
  if (output->size() > kMaxOutputBytes) {
    return FailStep(draft, state, TooLarge("the output would be over the limit of " + std::to_string(kMaxOutputBytes) + " bytes"));
  }
  if (set != nullptr) {
    const Result<void> merged = MergeIntoContext(draft, set->get_object());
    if (!merged.ok()) return FailStep(draft, state, TooLarge(merged.error().message));
  }
  AttemptFinished result;
  result.output = *std::move(output);
  SucceedTry(draft, state, result);
}

}  // namespace orc
