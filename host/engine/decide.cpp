#include "engine/decide.h"

#include <algorithm>

#include "engine/decisions.h"

namespace orc {
namespace {

auto PlaceOf(std::vector<StepState>& steps, const StepState& state) {
  return std::lower_bound(steps.begin(), steps.end(), state,
                          [](const StepState& a, const StepState& b) { return std::pair(a.step, a.item) < std::pair(b.step, b.item); });
}

}  // namespace

Decision Decide(const Definition& definition, const Run& run, const Outputs& outputs, const Event& event, int64_t now_us) {
  Draft draft(definition, run, outputs, now_us);
  std::visit([&draft](const auto& what) { DecideOn(draft, what); }, event);
  return std::move(draft).Finish();
}

void Apply(const Decision& decision, Run& run) {
  if (!decision.changed) return;
  if (decision.cleared_from >= 0) {
    const auto first = static_cast<uint32_t>(decision.cleared_from);
    std::erase_if(run.steps, [first](const StepState& state) { return state.step >= first; });
  }
  run.progress = decision.progress;
  if (decision.context) run.context = decision.context;
  for (const StepState& state : decision.steps) {
    const auto at = PlaceOf(run.steps, state);
    if (at != run.steps.end() && at->step == state.step && at->item == state.item) {
      *at = state;
    } else {
      run.steps.insert(at, state);
    }
  }
}

}  // namespace orc
