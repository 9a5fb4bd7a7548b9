#include "engine/decisions.h"
#include "engine/run_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

/// Begins the next step of a sequence; false when none can be begun.
bool GoOnInSequence(Draft& draft) {
  const uint32_t step = draft.progress().next_step;
  if (step >= draft.definition().main_count) {
    FinishSteps(draft);
    return true;
  }
  const StepState* state = draft.FindStep({step, -1});
  if (state == nullptr) {
    BeginStep(draft, step);
    return true;
  }
  if (!IsTerminal(state->status)) return false;
  draft.EditProgress().next_step = step + 1;  // kept from an earlier attempt of the run
  return true;
}

bool GoOnInGraph(Draft& draft) {
  const int32_t step = draft.NextReady();
  if (step >= 0) {
    BeginStep(draft, static_cast<uint32_t>(step));
    return true;
  }
  if (draft.HasActive()) return false;
  FinishSteps(draft);
  return true;
}

bool GoOn(Draft& draft) {
  const RunProgress& run = draft.progress();
  if (run.phase != RunPhase::kSteps || run.outcome) {
    if (draft.HasActive()) return false;
    // Stopped by a condition: the result is made of what there is.
    if (run.phase == RunPhase::kSteps && run.outcome == RunStatus::kSucceeded && run.next_step < draft.definition().main_count) {
      FinishSteps(draft);
      return true;
    }
    return GoOnEnding(draft);
  }
  if (run.paused || run.queued || run.status == RunStatus::kPending) return false;
  return draft.definition().is_graph ? GoOnInGraph(draft) : GoOnInSequence(draft);
}

}  // namespace

void Advance(Draft& draft) {
  while (!IsTerminal(draft.progress().status)) {
    if (const auto loop = draft.TakeTouchedLoop()) {
      ContinueLoop(draft, *loop);
    } else if (!GoOn(draft)) {
      return;
    }
  }
}

}  // namespace orc
