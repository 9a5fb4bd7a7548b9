// `requires_approval`: the step waits for people.
#include "engine/evaluate.h"
#include "engine/gate.h"
#include "engine/history.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

bool HasGate(const Draft& draft, const StepState& state) {
  const bool every_step = draft.run().identity.approve_every_step && draft.StepOf(state).role == StepDefinition::Role::kStep;
  return every_step || draft.StepOf(state).gate.has_value();
}

Result<void> WriteMessage(Draft& draft, const StepState& state, const GatePolicy& gate) {
  if (!gate.message) return {};
  ORC_ASSIGN_OR_RETURN(const Json message, Fill(draft, state, *gate.message));
  draft.AddDocument(Document::Kind::kMessage, state.key(), PrintJson(message));
  return {};
}

}  // namespace

Way PassGate(Draft& draft, StepState& state) {
  if (!HasGate(draft, state)) return Way::kGoOn;
  if (const auto& gate = draft.StepOf(state).gate) {
    const Result<void> written = WriteMessage(draft, state, *gate);
    if (!written.ok()) {
      FailStep(draft, state, ExpressionError("requires_approval/message", written.error()));
      return Way::kStay;
    }
    if (gate->timeout_ms > 0) state.due_us = DueAfter(draft.now_us(), gate->timeout_ms);
  }
  draft.SetStatus(state, StepStatus::kWaitingApproval);
  draft.Settle();
  RecordStep(draft, "step.waiting_approval", state);
  RecordRun(draft, "run.waiting_approval");
  draft.Log(state, "info", "step \"" + draft.StepOf(state).name + "\" waits for approval");
  return Way::kStay;
}

void PassDecidedGate(Draft& draft, StepState& state) {
  state.due_us = 0;
  draft.SetStatus(state, StepStatus::kPending);
  if (!draft.progress().paused) GoOnAfterGate(draft, state);
}

void CloseGate(Draft& draft, StepState& state) {
  const GatePolicy& gate = *draft.StepOf(state).gate;
  const std::string why = "nobody decided within " + std::to_string(gate.timeout_ms) + " ms";
  if (gate.on_timeout == GatePolicy::OnTimeout::kFail) return FailStep(draft, state, StepError{"timeout", why, false, ""});
  const bool approved = gate.on_timeout == GatePolicy::OnTimeout::kApprove;
  state.approvals.push_back({.approved = approved, .actor = "timeout", .comment = why, .at_us = draft.now_us()});
  if (approved) return PassDecidedGate(draft, state);
  RecordStep(draft, "step.rejected", state, {.note = why, .actor = "timeout"});
  FailStep(draft, state, StepError{"rejected", "rejected: " + why, false, ""});
}

}  // namespace orc
