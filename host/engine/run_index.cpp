#include "engine/run_index.h"

#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {
namespace {

void TakeOut(const StepState& state, RunIndex& index) {
  if (IsTerminal(state.status)) return;
  index.active.erase(state.key());
  if (state.due_us != 0) index.due.erase({state.due_us, state.key()});
  if (!state.is_loop()) --index.counts.at(static_cast<size_t>(state.status));
}

void PutIn(const StepState& state, RunIndex& index) {
  if (IsTerminal(state.status)) return;
  index.active.insert(state.key());
  if (state.due_us != 0) index.due.insert({state.due_us, state.key()});
  if (!state.is_loop()) ++index.counts.at(static_cast<size_t>(state.status));
}

void MeetNeeds(const Definition& definition, uint32_t step, Run& run) {
  for (const uint32_t dependent : definition.dependents[step]) {
    // One that ran in an earlier attempt of the run is kept.
    if (--run.index.unmet[dependent] == 0 && run.FindStep({dependent, -1}) == nullptr) run.index.ready.insert(dependent);
  }
}

/// A compensation is begun: what it undoes is not undone twice.
void TakeFromUndoable(const Definition& definition, const StepState& compensation, Run& run) {
  const auto step = static_cast<uint32_t>(definition.steps[compensation.step].undoes);
  const StepState* undone = run.FindStep({step, compensation.item});
  if (undone != nullptr) run.index.undoable.erase({undone->ended_no, undone->key()});
}

}  // namespace

bool IsMet(const StepState& state) {
  return state.status == StepStatus::kSucceeded || state.status == StepStatus::kSkipped ||
         (state.status == StepStatus::kFailed && state.caught);
}

void UpdateIndex(const Definition& definition, const StepState* before, const StepState& after, Run& run) {
  RunIndex& index = run.index;
  if (before != nullptr) TakeOut(*before, index);
  PutIn(after, index);
  if (after.status == StepStatus::kSucceeded && after.ended_no != 0) index.undoable.insert({after.ended_no, after.key()});
  if (before == nullptr && definition.steps[after.step].undoes >= 0) TakeFromUndoable(definition, after, run);
  if (!definition.is_graph || after.item >= 0 || after.step >= definition.main_count) return;
  if (before == nullptr) index.ready.erase(after.step);
  const bool was_met = before != nullptr && IsMet(*before);
  if (IsMet(after) && !was_met) MeetNeeds(definition, after.step, run);
}

void BuildIndex(const Definition& definition, Run& run) {
  run.index = RunIndex();
  if (definition.is_graph) {
    run.index.unmet.resize(definition.main_count);
    for (uint32_t step = 0; step < definition.main_count; ++step) {
      run.index.unmet[step] = static_cast<uint32_t>(definition.steps[step].needs.size());
      if (run.index.unmet[step] == 0) run.index.ready.insert(step);
    }
  }
  // Compensations come after what they undo: in the order of their keys all is found.
  for (const auto& [key, state] : run.steps) UpdateIndex(definition, nullptr, state, run);
}

}  // namespace orc
