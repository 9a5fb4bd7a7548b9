// `retry`: a failed try is followed by another, if its policy says so.
#include "engine/history.h"
#include "engine/retry_policy.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {

Way PassRetry(Draft& draft, StepState& state, const AttemptFinished& result) {
  if (IsEnding(draft, state)) return Way::kGoOn;
  const StepDefinition& step = draft.StepOf(state);
  const StepError error = ErrorOf(result);
  const FailedTry failed{.key = draft.KeyOf(state),
                         .error = &error,
                         .http_code = result.http_code,
                         .elapsed_ms = (draft.now_us() - state.round_started_us) / 1000,
                         .retry_after_ms = result.retry_after_ms};
  const auto wait_ms = NextTryAfterMs(step.retry, failed);
  if (!wait_ms) return Way::kGoOn;
  state.error = error;
  state.http_code = result.http_code;
  state.wait = StepWait::kNextTry;
  state.wait_for.clear();
  state.due_us = DueAfter(draft.now_us(), *wait_ms);
  draft.SetStatus(state, StepStatus::kWaiting);
  draft.Settle();
  const std::string next = "next try in " + std::to_string(*wait_ms) + " ms";
  RecordStep(draft, "step.retrying", state, {.note = next});
  draft.Log(state, "warn", "step \"" + step.name + "\": try " + std::to_string(state.tries) + " failed: " + error.message + "; " + next);
  if (*wait_ms == 0 && !draft.progress().paused) PassWork(draft, state);
  return Way::kStay;
}

}  // namespace orc
