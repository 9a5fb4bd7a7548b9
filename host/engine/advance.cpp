#include "engine/advance.h"

#include "engine/built_in.h"
#include "engine/history.h"
#include "engine/run_end.h"
#include "engine/try_start.h"

namespace orc {
namespace {

void WaitAtGate(Draft& draft, StepState& state) {
  state.status = StepStatus::kWaitingApproval;
  draft.Settle();
  RecordStep(draft, "step.waiting_approval", state);
  RecordRun(draft, "run.waiting_approval");
  draft.Log(state, "info", "step \"" + draft.StepOf(state).name + "\" waits for approval");
}

void BeginStep(Draft& draft, uint32_t step) {
  StepState& state = draft.EditStep(step);
  if (draft.StepOf(state).requires_approval || draft.run().identity.approve_every_step) {
    WaitAtGate(draft, state);
  } else {
    BeginWork(draft, state);
  }
}

}  // namespace

void BeginWork(Draft& draft, StepState& state) {
  const BuiltIn run_built_in = FindBuiltIn(draft.StepOf(state).action);
  if (run_built_in == nullptr) return StartTry(draft, state);
  state.tries = 1;
  state.started_us = draft.now_us();
  state.status = StepStatus::kRunning;
  draft.Settle();
  RecordStep(draft, "step.started", state);
  run_built_in(draft, state);
}

void Advance(Draft& draft) {
  while (!IsTerminal(draft.progress().status)) {
    const uint32_t step = draft.progress().next_step;
    if (step >= draft.definition().steps.size()) return SucceedRun(draft);
    if (draft.FindStep(step) != nullptr) return;  // under way, or it waits
    BeginStep(draft, step);
  }
}

}  // namespace orc
