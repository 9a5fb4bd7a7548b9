#include "engine/gate.h"

#include <algorithm>

namespace orc {
namespace {

bool IsNamed(const GatePolicy& gate, const Actor& actor) {
  return std::any_of(gate.approvers.begin(), gate.approvers.end(), [&](const std::string& approver) {
    if (approver == "user:" + actor.name) return true;
    return std::any_of(actor.roles.begin(), actor.roles.end(), [&](const std::string& role) { return approver == "role:" + role; });
  });
}

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::optional<Error> JudgeActor(const Draft& draft, const GatePolicy& gate, const Actor& actor) {
  // Without authentication everyone is the same person: there is nobody to tell from another.
  if (!actor.is_authenticated || gate.approvers.empty()) return std::nullopt;
  if (!IsNamed(gate, actor)) {
    return Error{ErrorCode::kForbidden, "\"" + actor.name + "\" may not decide here; this gate names " + Listed(gate.approvers)};
  }
  if (!gate.allow_self && actor.name == draft.run().identity.created_by) {
    return Error{ErrorCode::kForbidden, "\"" + actor.name + "\" started the run and may not decide here (allow_self is false)"};
  }
  return std::nullopt;
}

std::optional<Error> JudgeForm(const GatePolicy& gate, const Approval& decision) {
  if (gate.form_schema == nullptr || !decision.approved) return std::nullopt;
  const Result<Json> input = decision.input.empty() ? Result<Json>(Json(nullptr)) : ParseJson(decision.input);
  if (!input.ok()) return input.error();
  std::vector<Problem> problems = gate.form_schema->Validate(*input, "/input");
  if (problems.empty()) return std::nullopt;
  std::string message = "the input does not fit the gate's form: " + problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

}  // namespace

std::optional<Error> JudgeDecision(const Draft& draft, const StepState& state, const Actor& actor, const Approval& decision,
                                   const Approval* own) {
  const auto& gate = draft.StepOf(state).gate;
  if (gate) {
    if (auto refused = JudgeActor(draft, *gate, actor)) return refused;
  }
  if (own != nullptr) {
    return Error{ErrorCode::kConflict, "\"" + decision.actor + "\" has " + (own->approved ? "approved" : "rejected") + " step \"" +
                                           draft.StepOf(state).name + "\" before, with another input or decision"};
  }
  return gate ? JudgeForm(*gate, decision) : std::nullopt;
}

}  // namespace orc
