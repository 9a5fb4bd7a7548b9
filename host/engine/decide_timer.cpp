#include "engine/decisions.h"
#include "engine/gate.h"
#include "engine/history.h"
#include "engine/run_end.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

constexpr int64_t kTimeOutGraceMs = 10'000;

AttemptFinished TimedOut(std::string message) {
  AttemptFinished result;
  result.outcome = AttemptFinished::Outcome::kFailed;
  result.error = {"timeout", std::move(message), true, ""};
  return result;
}

std::string TookLonger(const std::string& what, int64_t timeout_ms) {
  return what + " took longer than " + std::to_string(timeout_ms) + " ms";
}

void OnTryDue(Draft& draft, StepState& state) {
  draft.Cancel(state);
  if (IsEnding(draft, state)) return CancelStep(draft, state);  // its grace is over
  FailTry(draft, state, TimedOut(TookLonger("the try", draft.StepOf(state).timeout_ms)));
}

void OnWaitDue(Draft& draft, StepState& state) {
  switch (state.wait) {
    case StepWait::kNextTry:
    case StepWait::kNextRound:
      PassWork(draft, state);
      return;
    case StepWait::kInstant:
    case StepWait::kTime:
      return SucceedTry(draft, state, {});
    case StepWait::kSignal:
      return FailTry(draft, state, TimedOut("the signal \"" + state.wait_for + "\" did not come in time"));
    case StepWait::kRun:
      draft.CancelRun(state.wait_for, false);
      return FailTry(draft, state, TimedOut(TookLonger("the run " + state.wait_for, draft.StepOf(state).timeout_ms)));
  }
}

/// One that is due may have ended or moved on with one before it; a pause holds up all but what is under way.
bool IsDue(const Draft& draft, const StepState& state, int64_t wake_us) {
  if (IsTerminal(state.status) || state.due_us == 0 || state.due_us > wake_us) return false;
  if (state.status == StepStatus::kRunning) return true;
  if (draft.progress().paused || state.status == StepStatus::kPending) return false;
  const bool is_instant = state.status == StepStatus::kWaiting && state.wait == StepWait::kInstant;
  return !is_instant || draft.now_us() >= state.due_us;  // else the wall clock was set back
}

void OnDue(Draft& draft, StepState& state) {
  if (state.status == StepStatus::kRunning) return OnTryDue(draft, state);
  if (state.status == StepStatus::kWaitingApproval) return CloseGate(draft, state);
  if (state.status == StepStatus::kWaiting) OnWaitDue(draft, state);
}

/// The workflow's own time is up: as a cancel, but for the outcome. A run that fails already only has its attempts stopped.
void OnDeadline(Draft& draft) {
  RunProgress& run = draft.EditProgress();
  const std::string why = TookLonger("the run", draft.definition().timeout_ms);
  run.deadline_us = 0;
  run.paused = false;
  if (!run.outcome) {
    run.outcome = RunStatus::kTimedOut;
    run.error = why;
    run.error_code = "timeout";
    draft.Settle();
    RecordRun(draft, "run.canceling", {.note = why});
  }
  draft.Log("warn", why);
  StopSteps(draft, false, kTimeOutGraceMs);
}

}  // namespace

void DecideOn(Draft& draft, const TimerDue& event) {
  if (IsTerminal(draft.progress().status)) return;
  for (const StepKey& key : draft.DueSteps(event.wake_us)) {
    if (IsDue(draft, *draft.FindStep(key), event.wake_us)) OnDue(draft, draft.EditStep(key));
  }
  const RunProgress& run = draft.progress();
  if (run.deadline_us != 0 && run.deadline_us <= event.wake_us && run.phase == RunPhase::kSteps) OnDeadline(draft);
}

}  // namespace orc
