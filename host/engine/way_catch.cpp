// `catch`: what to do instead of failing.
#include <algorithm>

#include "engine/evaluate.h"
#include "engine/retry_policy.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

/// What the rule sets, with the step shown as failed: it may look at its error.
Result<Json> FillSet(Draft& draft, StepState& state, const CatchRule& rule) {
  const StepStatus before = std::exchange(state.status, StepStatus::kFailed);
  Result<Json> filled = Fill(draft, state, *rule.set);
  state.status = before;
  return filled;
}

}  // namespace

Way PassCatch(Draft& draft, StepState& state, const StepError& error) {
  const StepDefinition& step = draft.StepOf(state);
  if (state.item >= 0 || IsEnding(draft, state)) return Way::kGoOn;
  const auto rule = std::find_if(step.catches.begin(), step.catches.end(), [&](const CatchRule& candidate) {
    return candidate.on.empty() || Matches(candidate.on, error, state.http_code);
  });
  if (rule == step.catches.end()) return Way::kGoOn;
  if (rule->set) {
    Result<Json> filled = FillSet(draft, state, *rule);
    const Result<void> merged = filled.ok() ? MergeIntoContext(draft, filled->get_object()) : Result<void>(filled.error());
    if (!merged.ok()) {
      draft.Log(state, "error", "step \"" + step.name + "\": its catch could not be carried out: " + merged.error().message);
      return Way::kGoOn;
    }
  }
  state.caught = true;
  if (rule->goto_step >= 0) draft.EditProgress().next_step = static_cast<uint32_t>(rule->goto_step);
  return Way::kStay;
}

}  // namespace orc
