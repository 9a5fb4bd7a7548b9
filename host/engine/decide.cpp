#include "engine/decide.h"

#include "engine/decisions.h"

namespace orc {

Decision Decide(const Definition& definition, const Run& run, const Outputs& outputs, const Event& event, int64_t now_us) {
  Draft draft(definition, run, outputs, now_us);
  std::visit([&draft](const auto& what) { DecideOn(draft, what); }, event);
  if (draft.changed() && !draft.refused()) Advance(draft);
  return std::move(draft).Finish();
}

void Apply(const Definition& definition, const Decision& decision, Run& run) {
  if (!decision.changed) return;
  run.progress = decision.progress;
  if (decision.context) run.context = decision.context;
  if (!decision.cleared.empty()) {
    for (const StepKey& key : decision.cleared) run.steps.erase(key);
    BuildIndex(definition, run);
  }
  for (const StepState& state : decision.steps) {
    const auto [at, is_new] = run.steps.try_emplace(state.key(), state);
    UpdateIndex(definition, is_new ? nullptr : &at->second, state, run);
    if (!is_new) at->second = state;
  }
}

}  // namespace orc
