#include "engine/decisions.h"
#include "engine/history.h"

namespace orc {
namespace {

using Role = StepDefinition::Role;

/// From where the run goes on: kNoStep for wherever it failed.
constexpr int kNoStep = -1;
constexpr int kRefused = -2;

bool CompensationHasBegun(const Draft& draft) {
  // Compensations come after all other steps.
  const auto& steps = draft.run().steps;
  return !steps.empty() && draft.definition().steps[steps.rbegin()->first.step].role == Role::kCompensation;
}

int FindStart(Draft& draft, const RetryRequested& event) {
  if (event.from_step.empty()) return kNoStep;
  const int step = draft.definition().FindStep(event.from_step);
  const auto refuse = [&](const std::string& detail) {
    draft.Refuse(ErrorCode::kInvalid, detail, {{"/from_step", detail}});
    return kRefused;
  };
  if (step < 0 || static_cast<uint32_t>(step) >= draft.definition().main_count) {
    return refuse("there is not exactly one step \"" + event.from_step + "\" in this run");
  }
  const StepKey key{static_cast<uint32_t>(step), -1};
  const StepStatus status = DisplayStatus(draft.run(), key);
  const StepState* state = draft.FindStep(key);
  const bool may = status != StepStatus::kSucceeded && !(state != nullptr && state->caught);
  if (may) return step;
  return refuse("step \"" + event.from_step + "\" is " + std::string(ToText(status)) + "; a run goes on from a failed or skipped step");
}

/// The steps that depend on `first`, itself among them.
std::vector<bool> DependentsOf(const Definition& definition, uint32_t first) {
  std::vector<bool> found(definition.main_count, false);
  if (!definition.is_graph) {
    std::fill(found.begin() + first, found.end(), true);
    return found;
  }
  std::vector<uint32_t> open = {first};
  found[first] = true;
  while (!open.empty()) {
    const uint32_t step = open.back();
    open.pop_back();
    for (const uint32_t dependent : definition.dependents[step]) {
      if (!found[dependent]) open.push_back(dependent);
      found[dependent] = true;
    }
  }
  return found;
}

/// What becomes of the rows of the attempt before.
struct Rows {
  std::vector<StepKey> cleared;
  std::vector<StepKey> loops;   // go on with the items that did not succeed
  std::vector<StepKey> passed;  // failed, and are left behind
};

Rows SortRows(const Draft& draft, int first) {
  const Definition& definition = draft.definition();
  const std::vector<bool> redone =
      first == kNoStep ? std::vector<bool>(definition.main_count, true) : DependentsOf(definition, static_cast<uint32_t>(first));
  Rows rows;
  const StepState* step = nullptr;  // to which an item belongs: its row comes first
  for (const auto& [key, state] : draft.run().steps) {
    const bool is_main = definition.steps[key.step].role == Role::kStep;
    if (key.item < 0) step = &state;
    if (is_main && state.status == StepStatus::kSucceeded) continue;
    const bool was_asked_for = static_cast<int>(key.step) == first;
    if (is_main && step != nullptr && IsMet(*step) && !was_asked_for) continue;
    if (is_main && !redone[key.step]) {
      if (key.item < 0) rows.passed.push_back(key);
    } else if (is_main && state.is_loop()) {
      rows.loops.push_back(key);
    } else {
      rows.cleared.push_back(key);
    }
  }
  return rows;
}

void GoOnWithLoop(Draft& draft, StepState& loop) {
  loop.loop = {.total = loop.loop.total};
  loop.error.reset();
  loop.http_code = 0;
  loop.finished_us = 0;
  draft.SetStatus(loop, StepStatus::kRunning);
  draft.TouchLoop(loop.step);
}

void Reopen(RunProgress& run, int first) {
  run.status = RunStatus::kRunning;
  run.phase = RunPhase::kSteps;
  run.outcome.reset();
  ++run.attempt;
  run.finished_us = run.expires_us = run.deadline_us = 0;
  run.cancel_forced = run.finally_failed = run.undoing_failed = false;
  run.error.clear();
  run.error_code.clear();
  if (first != kNoStep) run.next_step = static_cast<uint32_t>(first);
}

}  // namespace

void DecideOn(Draft& draft, const RetryRequested& event) {
  const RunStatus status = draft.progress().status;
  if (status != RunStatus::kFailed && status != RunStatus::kTimedOut) {
    return draft.Refuse(ErrorCode::kConflict, "only a FAILED or TIMED_OUT run can be retried; this one is " + std::string(ToText(status)));
  }
  if (CompensationHasBegun(draft)) {
    return draft.Refuse(ErrorCode::kConflict, "the run cannot be retried: its compensation has begun, what had succeeded is undone");
  }
  const int first = FindStart(draft, event);
  if (first == kRefused) return;
  Rows rows = SortRows(draft, first);
  RunProgress& run = draft.EditProgress();
  Reopen(run, first);
  run.queued = event.must_wait;
  if (draft.definition().timeout_ms > 0 && !run.queued) run.deadline_us = DueAfter(draft.now_us(), draft.definition().timeout_ms);
  draft.Clear(std::move(rows.cleared));
  for (const StepKey& key : rows.passed) draft.LeaveBehind(draft.EditStep(key));
  RecordRun(draft, "run.retried", {.actor = event.actor});
  if (event.must_wait) {
    RecordQueued(draft);
  } else {
    RecordRun(draft, "run.started", {.actor = event.actor});
  }
  draft.Log("info",
            "attempt " + std::to_string(run.attempt) + " of the run" + (event.actor.empty() ? "" : ", asked for by " + event.actor));
  for (const StepKey& key : rows.loops) GoOnWithLoop(draft, draft.EditStep(key));
}

}  // namespace orc
