#include "engine/draft.h"

#include <algorithm>
#include <limits>

namespace orc {

namespace {

constexpr int64_t kYearMs = int64_t{365} * 24 * 3600 * 1000;

}  // namespace

int64_t DueAfter(int64_t now_us, int64_t ms) { return now_us + std::clamp<int64_t>(ms, 0, kYearMs) * 1000; }
int64_t DueAfterLong(int64_t now_us, int64_t ms) { return now_us + std::clamp<int64_t>(ms, 0, 100 * kYearMs) * 1000; }

Draft::Draft(const Definition& definition, const Run& run, const Outputs& outputs, int64_t now_us)
    : definition_(definition),
      run_(run),
      outputs_(outputs),
      now_us_(now_us),
      index_(&run.index),
      counts_(run.index.counts),
      active_(run.index.active.size()),
      ready_at_(run.index.ready.begin()),
      undo_below_(std::numeric_limits<int64_t>::max()) {
  decision_.progress = run.progress;
}

RunProgress& Draft::EditProgress() {
  decision_.changed = true;
  return decision_.progress;
}

const Json& Draft::context() const { return context_ ? *context_ : *run_.context; }

JsonObject& Draft::EditContext() {
  decision_.changed = true;
  if (!context_) context_ = std::make_shared<Json>(*run_.context);
  return context_->as_object();
}

size_t Draft::ContextBytesAtMost() {
  if (context_bytes_ == 0) context_bytes_ = PrintJson(context()).size();
  return context_bytes_;
}

int64_t Draft::AddHistory(std::string type, int32_t step, int32_t item, std::string payload) {
  decision_.changed = true;
  const int64_t number = decision_.progress.next_event++;
  decision_.history.push_back({number, now_us_, std::move(type), step, item, std::move(payload)});
  return number;
}

void Draft::Log(std::string_view level, std::string text) {
  decision_.changed = true;
  decision_.log.push_back({-1, 0, std::string(level), std::move(text)});
}

void Draft::Log(const StepState& state, std::string_view level, std::string text) {
  decision_.changed = true;
  decision_.log.push_back({static_cast<int32_t>(state.step), state.tries, std::string(level), std::move(text)});
}

AttemptKey Draft::KeyOf(const StepState& state) const {
  return {run_.identity.id, progress().attempt, state.step, state.item, state.round, state.tries};
}

void Draft::Start(const StepState& state, std::string input) {
  decision_.commands.push_back({.key = KeyOf(state), .input = std::move(input)});
}

void Draft::Cancel(const StepState& state) { decision_.commands.push_back({.kind = Command::Kind::kCancelAttempt, .key = KeyOf(state)}); }

void Draft::CancelRun(std::string run_id, bool force) {
  decision_.commands.push_back({.kind = Command::Kind::kCancelRun, .run_id = std::move(run_id), .force = force});
}

void Draft::Refuse(ErrorCode code, std::string message, std::vector<Problem> problems) {
  decision_.refused = Error{code, std::move(message), std::move(problems)};
}

void Draft::Settle() {
  RunProgress& run = decision_.progress;
  if (IsTerminal(run.status)) return;
  const auto any = [this](StepStatus status) { return counts_.at(static_cast<size_t>(status)) > 0; };
  if (run.outcome == RunStatus::kCanceled || run.outcome == RunStatus::kTimedOut) {
    run.status = RunStatus::kCanceling;
  } else if (run.paused) {
    run.status = RunStatus::kPaused;
  } else if (run.queued) {
    run.status = RunStatus::kWaiting;
  } else if (run.outcome == RunStatus::kFailed || any(StepStatus::kRunning)) {
    run.status = RunStatus::kRunning;
  } else if (any(StepStatus::kWaitingApproval)) {
    run.status = RunStatus::kWaitingApproval;
  } else {
    run.status = any(StepStatus::kWaiting) ? RunStatus::kWaiting : RunStatus::kRunning;
  }
}

void Draft::FindWake() {
  RunProgress& run = decision_.progress;
  run.wake_us = 0;
  if (IsTerminal(run.status)) return;
  const auto wake_at = [&run](int64_t us) { run.wake_us = run.wake_us == 0 ? us : std::min(run.wake_us, us); };
  // While paused only what is under way has a time: its time-out.
  const auto counts = [&run](const StepState& state) { return !run.paused || state.status == StepStatus::kRunning; };
  for (const auto& [due_us, key] : index_->due) {
    if (edits_.contains(key) || !counts(*FindStep(key))) continue;
    wake_at(due_us);
    break;
  }
  for (const auto& [key, edit] : edits_) {
    if (edit.active && edit.state.due_us != 0 && counts(edit.state)) wake_at(edit.state.due_us);
  }
  if (run.deadline_us != 0 && run.phase == RunPhase::kSteps && (!run.outcome || run.outcome == RunStatus::kFailed))
    wake_at(run.deadline_us);
}

Decision Draft::Finish() && {
  if (!decision_.changed || decision_.refused) {
    Decision nothing;
    nothing.progress = run_.progress;
    nothing.refused = std::move(decision_.refused);
    return nothing;
  }
  Settle();
  FindWake();
  ++decision_.progress.revision;
  decision_.progress.updated_us = now_us_;
  decision_.steps.reserve(edits_.size());
  for (auto& [key, edit] : edits_) decision_.steps.push_back(std::move(edit.state));
  if (context_) {
    decision_.documents.push_back({Document::Kind::kContext, -1, -1, PrintJson(*context_)});
    decision_.context = std::move(context_);
  }
  return std::move(decision_);
}

}  // namespace orc
