// `repeat`: the action runs again until the expression over its output holds.
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/step_end.h"
#include "engine/step_way.h"
#include "engine/try_start.h"

namespace orc {
namespace {

StepError Exhausted(const StepDefinition& step) {
  const std::string rounds = std::to_string(step.repeat->max) + (step.repeat->max == 1 ? " round" : " rounds");
  return {"repeat_exhausted", "`" + step.repeat->until->source() + "` did not hold after " + rounds, false, ""};
}

}  // namespace

Way PassRepeat(Draft& draft, StepState& state, const AttemptFinished& result) {
  const StepDefinition& step = draft.StepOf(state);
  if (!step.repeat || IsEnding(draft, state)) return Way::kGoOn;
  const Result<bool> holds = EvaluateUntil(draft, state, *step.repeat->until, result.output);
  if (!holds.ok()) {
    FailStep(draft, state, ExpressionError("repeat/until", holds.error()));
    return Way::kStay;
  }
  if (*holds) return Way::kGoOn;
  if (state.round + 1 >= step.repeat->max) {
    AttemptFinished failed = result;
    failed.error = Exhausted(step);
    FailStep(draft, state, failed);
    return Way::kStay;
  }
  ++state.round;
  state.tries = 0;
  state.wait = StepWait::kNextRound;
  state.wait_for.clear();
  state.due_us = DueAfter(draft.now_us(), step.repeat->every_ms);
  draft.SetStatus(state, StepStatus::kWaiting);
  draft.Settle();
  RecordStep(draft, "step.repeating", state,
             {.note = "round " + std::to_string(state.round + 1) + " in " + std::to_string(step.repeat->every_ms) + " ms"});
  return Way::kStay;
}

}  // namespace orc
