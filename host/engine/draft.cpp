#include "engine/draft.h"

#include <algorithm>

namespace orc {

int64_t DueAfter(int64_t now_us, int64_t ms) {
  constexpr int64_t kYearMs = int64_t{365} * 24 * 3600 * 1000;
  return now_us + std::clamp<int64_t>(ms, 0, kYearMs) * 1000;
}

Draft::Draft(const Definition& definition, const Run& run, const Outputs& outputs, int64_t now_us)
    : definition_(definition), run_(run), outputs_(outputs), now_us_(now_us) {
  decision_.progress = run.progress;
}

RunProgress& Draft::EditProgress() {
  decision_.changed = true;
  return decision_.progress;
}

const StepState* Draft::FindStep(uint32_t step, int32_t item) const {
  const auto edit = edits_.find({step, item});
  if (edit != edits_.end()) return &edit->second;
  if (decision_.cleared_from >= 0 && step >= static_cast<uint32_t>(decision_.cleared_from)) return nullptr;
  return run_.FindStep(step, item);
}

StepState& Draft::EditStep(uint32_t step, int32_t item) {
  decision_.changed = true;
  const StepState* old = FindStep(step, item);
  const auto [at, is_new] = edits_.try_emplace({step, item});
  if (is_new) {
    if (old != nullptr) at->second = *old;
    at->second.step = step;
    at->second.item = item;
  }
  return at->second;
}

std::vector<Draft::StepKey> Draft::ActiveSteps() const {
  std::vector<StepKey> active;
  const auto& steps = run_.steps;
  // Steps before next_step are over: a run of ten thousand steps is not walked through.
  auto at = std::lower_bound(steps.begin(), steps.end(), progress().next_step,
                             [](const StepState& state, uint32_t step) { return state.step < step; });
  const size_t cleared_from = decision_.cleared_from < 0 ? SIZE_MAX : static_cast<size_t>(decision_.cleared_from);
  for (; at != steps.end() && at->step < cleared_from; ++at) {
    const StepKey key(at->step, at->item);
    if (!edits_.contains(key) && !IsTerminal(at->status)) active.push_back(key);
  }
  for (auto edit = edits_.lower_bound({progress().next_step, INT32_MIN}); edit != edits_.end(); ++edit) {
    if (!IsTerminal(edit->second.status)) active.push_back(edit->first);
  }
  std::sort(active.begin(), active.end());
  return active;
}

void Draft::ClearFrom(uint32_t step) {
  decision_.changed = true;
  decision_.cleared_from = static_cast<int32_t>(step);
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

const Json* Draft::FindDocument(Document::Kind kind, uint32_t step, int32_t item) const {
  const DocumentKey key(kind, step, item);
  const auto fresh = fresh_.find(key);
  if (fresh == fresh_.end()) {
    const StepState* state = FindStep(step, item);
    // A step that this decision ended or cleared has nothing on the disk that counts.
    if (state == nullptr || !IsTerminal(state->status) || edits_.contains({step, item})) return nullptr;
    return kind == Document::Kind::kOutput ? outputs_.Find(step, item) : outputs_.FindHeaders(step, item);
  }
  std::unique_ptr<Json>& parsed = parsed_[key];
  if (!parsed) {
    Result<Json> value = ParseJson(decision_.documents[fresh->second].text);
    parsed = std::make_unique<Json>(value.ok() ? *std::move(value) : Json(nullptr));
  }
  return parsed.get();
}

const std::string* Draft::FindInput(uint32_t step, int32_t item) const {
  const auto fresh = fresh_.find({Document::Kind::kInput, step, item});
  return fresh != fresh_.end() ? &decision_.documents[fresh->second].text : outputs_.FindInput(step, item);
}

void Draft::AddDocument(Document::Kind kind, const StepState& state, std::string text) {
  document_bytes_ += text.size();
  fresh_[{kind, state.step, state.item}] = decision_.documents.size();
  decision_.documents.push_back({kind, static_cast<int32_t>(state.step), state.item, std::move(text)});
}

void Draft::AddHistory(std::string type, int32_t step, int32_t item, std::string payload) {
  decision_.changed = true;
  decision_.history.push_back({decision_.progress.next_event++, now_us_, std::move(type), step, item, std::move(payload)});
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
  return {run_.identity.id, progress().attempt, state.step, state.item, state.tries};
}

void Draft::Start(const StepState& state, std::string input) {
  decision_.commands.push_back({Command::Kind::kStartAttempt, KeyOf(state), std::move(input)});
}

void Draft::Cancel(const StepState& state) { decision_.commands.push_back({Command::Kind::kCancelAttempt, KeyOf(state), {}}); }

void Draft::Refuse(ErrorCode code, std::string message, std::vector<Problem> problems) {
  decision_.refused = Error{code, std::move(message), std::move(problems)};
}

void Draft::Settle() {
  RunProgress& run = decision_.progress;
  run.wake_us = 0;
  if (IsTerminal(run.status)) return;
  bool any[3] = {};  // running, at a gate, waiting
  for (const auto& [step, item] : ActiveSteps()) {
    const StepState& state = *FindStep(step, item);
    if (state.due_us != 0 && (run.wake_us == 0 || state.due_us < run.wake_us)) run.wake_us = state.due_us;
    any[0] |= state.status == StepStatus::kRunning;
    any[1] |= state.status == StepStatus::kWaitingApproval;
    any[2] |= state.status == StepStatus::kWaiting;
  }
  if (run.status == RunStatus::kCanceling) return;
  if (any[0]) {
    run.status = RunStatus::kRunning;
  } else if (any[1]) {
    run.status = RunStatus::kWaitingApproval;
  } else if (any[2]) {
    run.status = RunStatus::kWaiting;
  }
}

Decision Draft::Finish() && {
  if (!decision_.changed || decision_.refused) {
    Decision nothing;
    nothing.progress = run_.progress;
    nothing.refused = std::move(decision_.refused);
    return nothing;
  }
  Settle();
  ++decision_.progress.revision;
  decision_.progress.updated_us = now_us_;
  decision_.steps.reserve(edits_.size());
  for (auto& [key, state] : edits_) decision_.steps.push_back(std::move(state));
  if (context_) {
    decision_.documents.push_back({Document::Kind::kContext, -1, -1, PrintJson(*context_)});
    decision_.context = std::move(context_);
  }
  return std::move(decision_);
}

}  // namespace orc
