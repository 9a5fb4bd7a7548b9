// `if`: a step whose condition does not hold is skipped.
#include "engine/evaluate.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {

Way PassIf(Draft& draft, StepState& state) {
  const CompiledExpression& condition = draft.StepOf(state).condition;
  if (condition == nullptr) return Way::kGoOn;
  const Result<bool> holds = EvaluateBool(draft, state, *condition);
  if (!holds.ok()) {
    FailStep(draft, state, ExpressionError("if", holds.error()));
    return Way::kStay;
  }
  if (*holds) return Way::kGoOn;
  SkipStep(draft, state, "its condition does not hold");
  return Way::kStay;
}

}  // namespace orc
