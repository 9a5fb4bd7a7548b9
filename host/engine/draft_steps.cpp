// The steps of a draft, and what follows from them.
#include <algorithm>
#include <limits>

#include "engine/draft.h"

namespace orc {

const StepState* Draft::FindStep(StepKey key) const {
  const auto edit = edits_.find(key);
  if (edit != edits_.end()) return &edit->second.state;
  return cleared_.contains(key) ? nullptr : run_.FindStep(key);
}

StepState& Draft::EditStep(StepKey key) {
  decision_.changed = true;
  const StepState* old = FindStep(key);
  const auto [at, is_new] = edits_.try_emplace(key);
  Edit& edit = at->second;
  if (!is_new) return edit.state;
  if (old != nullptr) {
    edit.state = *old;
    edit.active = !IsTerminal(old->status);
    edit.counted = edit.active && !old->is_loop() ? static_cast<int>(old->status) : kNotCounted;
  } else {
    edit.state.step = key.step;
    edit.state.item = key.item;
    Recount(edit);
    ready_.erase(key.step);
  }
  return edit.state;
}

void Draft::Recount(Edit& edit) {
  if (edit.counted != kNotCounted) --counts_.at(static_cast<size_t>(edit.counted));
  active_ -= edit.active ? 1 : 0;
  edit.active = !IsTerminal(edit.state.status);
  edit.counted = edit.active && !edit.state.is_loop() ? static_cast<int>(edit.state.status) : kNotCounted;
  if (edit.counted != kNotCounted) ++counts_.at(static_cast<size_t>(edit.counted));
  active_ += edit.active ? 1 : 0;
}

void Draft::SetStatus(StepState& state, StepStatus status) {
  const bool was_met = IsMet(state);
  state.status = status;
  Recount(edits_.at(state.key()));
  if (IsTerminal(status)) NoteEnd(state, was_met);
}

void Draft::LeaveBehind(StepState& state) {
  const bool was_met = IsMet(state);
  state.caught = true;
  NoteEnd(state, was_met);
}

void Draft::NoteEnd(const StepState& state, bool was_met) {
  if (state.status == StepStatus::kSucceeded && state.ended_no != 0) undoable_.insert({state.ended_no, state.key()});
  if (!definition_.is_graph || state.item >= 0 || state.step >= definition_.main_count || was_met || !IsMet(state)) return;
  for (const uint32_t dependent : definition_.dependents[state.step]) {
    const auto [unmet, is_first] = unmet_.try_emplace(dependent, index_->unmet[dependent]);
    if (--unmet->second == 0 && FindStep({dependent, -1}) == nullptr) ready_.insert(dependent);
  }
}

std::vector<StepKey> Draft::ActiveSteps() const {
  std::vector<StepKey> active;
  for (const StepKey& key : index_->active) {
    if (!edits_.contains(key)) active.push_back(key);
  }
  for (const auto& [key, edit] : edits_) {
    if (edit.active) active.push_back(key);
  }
  std::sort(active.begin(), active.end());
  return active;
}

std::vector<StepKey> Draft::DueSteps(int64_t until_us) const {
  std::vector<StepKey> due;
  for (const auto& [due_us, key] : index_->due) {
    if (due_us > until_us) break;
    if (!edits_.contains(key)) due.push_back(key);
  }
  for (const auto& [key, edit] : edits_) {
    if (edit.active && edit.state.due_us != 0 && edit.state.due_us <= until_us) due.push_back(key);
  }
  std::sort(due.begin(), due.end());
  return due;
}

int32_t Draft::NextReady() const {
  while (ready_at_ != index_->ready.end() && FindStep({*ready_at_, -1}) != nullptr) ++ready_at_;
  const int32_t of_run = ready_at_ != index_->ready.end() ? static_cast<int32_t>(*ready_at_) : -1;
  if (ready_.empty()) return of_run;
  const auto of_draft = static_cast<int32_t>(*ready_.begin());
  return of_run < 0 ? of_draft : std::min(of_run, of_draft);
}

std::optional<StepKey> Draft::TakeUndoable() {
  std::optional<std::pair<int64_t, StepKey>> latest;
  for (const auto* undoable : {&index_->undoable, static_cast<const std::set<std::pair<int64_t, StepKey>>*>(&undoable_)}) {
    auto at = undoable->lower_bound({undo_below_, StepKey{0, std::numeric_limits<int32_t>::min()}});
    if (at != undoable->begin() && (!latest || *latest < *std::prev(at))) latest = *std::prev(at);
  }
  if (!latest) return std::nullopt;
  undo_below_ = latest->first;
  return latest->second;
}

std::optional<uint32_t> Draft::TakeTouchedLoop() {
  if (touched_loops_.empty()) return std::nullopt;
  return touched_loops_.extract(touched_loops_.begin()).value();
}

void Draft::Clear(std::vector<StepKey> keys) {
  decision_.changed = true;
  cleared_.insert(keys.begin(), keys.end());
  decision_.cleared = std::move(keys);
  rest_ = std::make_unique<Run>();
  for (const auto& [key, state] : run_.steps) {
    if (!cleared_.contains(key)) rest_->steps.emplace(key, state);
  }
  BuildIndex(definition_, *rest_);
  index_ = &rest_->index;
  counts_ = index_->counts;
  active_ = index_->active.size();
  ready_at_ = index_->ready.begin();
}

}  // namespace orc
