#include "engine/built_in.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

namespace orc {

void RunTransform(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, draft.StepOf(state));
  if (!input.ok()) return FailStep(draft, state, StepError{"expression_error", input.error().message, false, ""});
  AttemptFinished result;
  result.output = "{}";
  if (const Json* set = Find(*input, "set")) {
    if (!set->is_object()) {
      return FailStep(draft, state, StepError{"input_invalid", "input/set: expected an object, found " + DescribeJson(*set), false, ""});
    }
    JsonObject& context = draft.EditContext();
    for (const auto& [key, value] : set->get_object()) context.insert_or_assign(key, value);
    result.output = PrintJson(*set);
  }
  SucceedStep(draft, state, result);
}

}  // namespace orc
