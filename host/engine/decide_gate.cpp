#include <algorithm>

#include "engine/decisions.h"
#include "engine/gate.h"
#include "engine/history.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

constexpr int kNoStep = -1;
constexpr int kRefused = -2;

std::vector<uint32_t> OpenGates(const Draft& draft) {
  std::vector<uint32_t> open;
  for (const StepKey& key : draft.ActiveSteps()) {
    if (draft.FindStep(key)->status == StepStatus::kWaitingApproval) open.push_back(key.step);
  }
  return open;
}

/// The gate that was decided last: what a repeated decision without a step means.
int LastDecided(const Draft& draft) {
  const StepState* last = nullptr;
  for (const auto& [key, state] : draft.run().steps) {
    if (state.approvals.empty()) continue;
    if (last == nullptr || state.approvals.back().at_us >= last->approvals.back().at_us) last = &state;
  }
  return last != nullptr ? static_cast<int>(last->step) : kNoStep;
}

int FindTarget(Draft& draft, const GateDecided& event) {
  if (!event.step_id.empty()) {
    const int step = draft.definition().FindStep(event.step_id);
    if (step >= 0) return step;
    const std::string detail = "there is not exactly one step \"" + event.step_id + "\" in this run";
    draft.Refuse(ErrorCode::kInvalid, detail, {{"/step_id", detail}});
    return kRefused;
  }
  const std::vector<uint32_t> open = OpenGates(draft);
  if (open.size() == 1) return static_cast<int>(open.front());
  if (open.empty()) return LastDecided(draft);
  std::string message = "several steps wait for approval; name one of them as step_id:";
  for (const uint32_t step : open) message += " " + draft.definition().steps[step].id;
  draft.Refuse(ErrorCode::kConflict, std::move(message));
  return kRefused;
}

bool IsSame(const Approval& a, const Approval& b) { return a.approved == b.approved && a.actor == b.actor && a.input == b.input; }

/// The caller's own last decision at the gate; null when there is none.
const Approval* LastOf(const StepState& state, const std::string& actor) {
  const auto last =
      std::find_if(state.approvals.rbegin(), state.approvals.rend(), [&](const Approval& earlier) { return earlier.actor == actor; });
  return last == state.approvals.rend() ? nullptr : &*last;
}

/// `step`: the one that is meant, or kNoStep; `state` null: it has not begun.
void RefuseClosed(Draft& draft, int step, const StepState* state) {
  std::string message = "no step waits for approval; the run is " + std::string(ToText(draft.progress().status));
  if (step != kNoStep && state == nullptr) {
    message =
        "step \"" + draft.definition().steps[static_cast<size_t>(step)].name + "\" does not wait for approval: the run has not come to it";
  } else if (state != nullptr && !state->approvals.empty()) {
    const Approval& last = state->approvals.back();
    message = "step \"" + draft.StepOf(*state).name + "\" was already " + (last.approved ? "approved" : "rejected") + " by \"" +
              last.actor + "\"";
  } else if (state != nullptr) {
    message = "step \"" + draft.StepOf(*state).name + "\" does not wait for approval; it is " + std::string(ToText(state->status));
  }
  draft.Refuse(ErrorCode::kConflict, std::move(message));
}

/// 'rejected by "ana": not now'.
std::string Words(const Approval& decision) {
  std::string words = decision.approved ? "approved" : "rejected";
  if (!decision.actor.empty()) words += " by \"" + decision.actor + "\"";
  if (!decision.comment.empty()) words += ": " + decision.comment;
  return words;
}

void Reject(Draft& draft, StepState& state) {
  const Approval& decision = state.approvals.back();
  RecordStep(draft, "step.rejected", state, {.note = decision.comment, .actor = decision.actor});
  FailStep(draft, state, StepError{"rejected", Words(decision), false, ""});
}

void Approve(Draft& draft, StepState& state) {
  const Approval& decision = state.approvals.back();
  const auto& gate = draft.StepOf(state).gate;
  const int32_t wanted = gate ? gate->count : 1;
  const auto given = static_cast<int32_t>(state.approvals.size());
  const std::string name = "step \"" + draft.StepOf(state).name + "\": ";
  if (given < wanted) {
    const std::string note = std::to_string(given) + " of " + std::to_string(wanted) + " approvals";
    RecordStep(draft, "step.approval_given", state, {.note = note, .actor = decision.actor});
    draft.Log(state, "info", name + Words(decision) + " (" + note + ")");
    return;
  }
  RecordStep(draft, "step.approved", state, {.note = decision.comment, .actor = decision.actor});
  draft.Log(state, "info", name + Words(decision));
  PassDecidedGate(draft, state);
}

}  // namespace

void DecideOn(Draft& draft, const GateDecided& event) {
  const int target = FindTarget(draft, event);
  if (target == kRefused) return;
  const StepState* found = target == kNoStep ? nullptr : draft.FindStep({static_cast<uint32_t>(target), -1});
  Approval decision = event.decision;
  decision.actor = event.actor.name;
  decision.at_us = draft.now_us();
  const Approval* own = found == nullptr ? nullptr : LastOf(*found, decision.actor);
  if (own != nullptr && IsSame(*own, decision)) return;  // said before
  if (found == nullptr || found->status != StepStatus::kWaitingApproval) return RefuseClosed(draft, target, found);
  if (auto refused = JudgeDecision(draft, *found, event.actor, decision, own)) {
    return draft.Refuse(refused->code, std::move(refused->message), std::move(refused->problems));
  }
  StepState& state = draft.EditStep(found->key());
  state.approvals.push_back(std::move(decision));
  state.approvals.back().approved ? Approve(draft, state) : Reject(draft, state);
}

}  // namespace orc
