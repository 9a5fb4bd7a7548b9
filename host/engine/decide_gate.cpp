#include "engine/advance.h"
#include "engine/decisions.h"
#include "engine/history.h"
#include "engine/step_end.h"

namespace orc {
namespace {

constexpr int kNoStep = -1;
constexpr int kRefused = -2;

std::vector<uint32_t> OpenGates(const Draft& draft) {
  std::vector<uint32_t> open;
  for (const auto& [step, item] : draft.ActiveSteps()) {
    if (draft.FindStep(step, item)->status == StepStatus::kWaitingApproval) open.push_back(step);
  }
  return open;
}

/// The gate that was decided last: what a repeated decision without a step means.
int LastDecided(const Draft& draft) {
  const StepState* last = nullptr;
  for (const StepState& state : draft.run().steps) {
    if (state.approval && (last == nullptr || state.approval->at_us >= last->approval->at_us)) last = &state;
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

bool IsRepeated(const std::optional<Approval>& earlier, const Approval& decision) {
  return earlier && earlier->approved == decision.approved && earlier->actor == decision.actor && earlier->input == decision.input;
}

/// `step`: the one that is meant, or kNoStep; `state` null: it has not begun.
void RefuseClosed(Draft& draft, int step, const StepState* state) {
  std::string message = "no step waits for approval; the run is " + std::string(ToText(draft.progress().status));
  if (step != kNoStep && state == nullptr) {
    message =
        "step \"" + draft.definition().steps[static_cast<size_t>(step)].name + "\" does not wait for approval: the run has not come to it";
  } else if (state != nullptr && state->approval) {
    message = "step \"" + draft.StepOf(*state).name + "\" was already " + (state->approval->approved ? "approved" : "rejected") + " by \"" +
              state->approval->actor + "\"";
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
  const Approval& decision = *state.approval;
  RecordStep(draft, "step.rejected", state, {.note = decision.comment, .actor = decision.actor});
  FailStep(draft, state, StepError{"rejected", Words(decision), false, ""});
}

}  // namespace

void DecideOn(Draft& draft, const GateDecided& event) {
  const int target = FindTarget(draft, event);
  if (target == kRefused) return;
  const StepState* found = target == kNoStep ? nullptr : draft.FindStep(static_cast<uint32_t>(target));
  if (found == nullptr || found->status != StepStatus::kWaitingApproval) {
    if (found == nullptr || !IsRepeated(found->approval, event.decision)) RefuseClosed(draft, target, found);
    return;
  }
  StepState& state = draft.EditStep(static_cast<uint32_t>(target));
  state.approval = event.decision;
  state.approval->at_us = draft.now_us();
  if (!event.decision.approved) return Reject(draft, state);
  RecordStep(draft, "step.approved", state, {.note = event.decision.comment, .actor = event.decision.actor});
  draft.Log(state, "info", "step \"" + draft.StepOf(state).name + "\": " + Words(*state.approval));
  BeginWork(draft, state);
  Advance(draft);
}

}  // namespace orc
