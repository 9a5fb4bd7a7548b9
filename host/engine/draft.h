// A decision in the making: a mutable overlay over a run that stays as it is.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/decide.h"

namespace orc {

/// Reads go through what was changed so far, then to the run. Collects everything that Decide returns. One decision, one thread.
class Draft {
 public:
  /// All arguments must outlive the draft.
  Draft(const Definition& definition, const Run& run, const Outputs& outputs, int64_t now_us);

  const Definition& definition() const { return definition_; }
  const StepDefinition& StepOf(const StepState& state) const { return definition_.steps[state.step]; }
  const Run& run() const { return run_; }
  int64_t now_us() const { return now_us_; }
  const RunProgress& progress() const { return decision_.progress; }
  bool changed() const { return decision_.changed; }
  bool refused() const { return decision_.refused.has_value(); }

  /// Marks the run as changed.
  RunProgress& EditProgress();

  // Steps. The references stay valid as long as the draft.
  /// Null when the step was not begun.
  const StepState* FindStep(StepKey key) const;
  /// The step's state to be changed, made as PENDING when there is none. Its status changes through SetStatus only.
  StepState& EditStep(StepKey key);
  void SetStatus(StepState& state, StepStatus status);
  /// A failed step counts as passed from now on.
  void LeaveBehind(StepState& state);
  /// Begun and not over, in order. Costs as much as there are.
  std::vector<StepKey> ActiveSteps() const;
  bool HasActive() const { return active_ > 0; }
  /// Those of ActiveSteps whose due time is not after `until_us`, in order. Costs as much as there are.
  std::vector<StepKey> DueSteps(int64_t until_us) const;
  /// Of a graph: the first main step that may begin and has not; -1: none.
  int32_t NextReady() const;
  /// What is to be undone next: the latest that succeeded and was not begun to be; nothing when all is. Each is handed out once.
  std::optional<StepKey> TakeUndoable();
  bool HasUndoable() const { return !undoable_.empty() || !index_->undoable.empty(); }
  /// Rows and documents of these steps go. To be called before any step is edited.
  void Clear(std::vector<StepKey> keys);
  /// The loop is to be looked at before the decision ends: an item ended, or it may go on.
  void TouchLoop(uint32_t step) { touched_loops_.insert(step); }
  std::optional<uint32_t> TakeTouchedLoop();

  /// Who caused what this decision records, where somebody did.
  const std::string& actor() const { return actor_; }
  void SetActor(std::string actor) { actor_ = std::move(actor); }
  /// What its end's history row says of a run that succeeded.
  const std::string& note() const { return note_; }
  void SetNote(std::string note) { note_ = std::move(note); }

  const Json& context() const;
  /// No less than the context's bytes as JSON: what it had when it was counted, and what was put into it since.
  size_t ContextBytesAtMost();
  void CountContextAnew() { context_bytes_ = 0; }
  void NoteContextGrowth(size_t bytes) { context_bytes_ += bytes; }
  JsonObject& EditContext();

  /// The output (or response headers) of a finished step, those of this very decision included; null when there is none.
  const Json* FindDocument(Document::Kind kind, StepKey key) const;
  /// The stored text of an input or a signal, those of this very decision included; null when there is none.
  const std::string* FindText(Document::Kind kind, StepKey key) const;
  /// Item `index` of the list over which `step` loops; null (never a nullptr) when there is none.
  const Json& FindItem(uint32_t step, int32_t index) const;
  void AddDocument(Document::Kind kind, StepKey key, std::string text);
  /// Of the texts that this decision writes so far.
  size_t document_bytes() const { return document_bytes_; }

  int64_t AddHistory(std::string type, int32_t step, int32_t item, std::string payload);
  /// A line about the run, or about the step and the try that it is at.
  void Log(std::string_view level, std::string text);
  void Log(const StepState& state, std::string_view level, std::string text);

  AttemptKey KeyOf(const StepState& state) const;
  void Start(const StepState& state, std::string input);
  void Cancel(const StepState& state);
  void StartRun(RunRequest request) { decision_.runs.push_back(std::move(request)); }
  void CancelRun(std::string run_id, bool force);
  void Refuse(ErrorCode code, std::string message, std::vector<Problem> problems = {});

  /// Brings the run's status in line with its steps: what history rows say of it.
  void Settle();
  Decision Finish() &&;

 private:
  using DocumentKey = std::tuple<Document::Kind, StepKey>;
  struct Edit {
    StepState state;
    int counted = kNotCounted;  // as which of counts_
    bool active = false;
  };
  static constexpr int kNotCounted = -1;
  void Recount(Edit& edit);
  void NoteEnd(const StepState& state, bool was_met);
  void FindWake();
  const Json* FindFresh(const DocumentKey& key) const;

  const Definition& definition_;
  const Run& run_;
  const Outputs& outputs_;
  const int64_t now_us_;
  Decision decision_;
  std::map<StepKey, Edit> edits_;
  std::set<StepKey> cleared_;
  std::unique_ptr<Run> rest_;  // after Clear: what is left, indexed anew
  const RunIndex* index_;      // of run_ or of rest_

  // The index as edits_ changes it.
  std::array<int32_t, 4> counts_;
  size_t active_;
  std::unordered_map<uint32_t, uint32_t> unmet_;
  std::set<uint32_t> ready_;                             // became so in this decision
  mutable std::set<uint32_t>::const_iterator ready_at_;  // those before it have begun
  std::set<std::pair<int64_t, StepKey>> undoable_;       // became so in this decision
  int64_t undo_below_;                                   // the compensation of all that ended later was begun
  std::set<uint32_t> touched_loops_;
  std::string actor_;
  std::string note_;

  std::shared_ptr<Json> context_;  // null: unchanged
  size_t document_bytes_ = 0;
  size_t context_bytes_ = 0;                                     // 0: not counted
  std::map<DocumentKey, size_t> fresh_;                          // index in decision_.documents
  mutable std::map<DocumentKey, std::unique_ptr<Json>> parsed_;  // of fresh_
};

/// `now_us` plus milliseconds, kept within a year: no due time overflows.
int64_t DueAfter(int64_t now_us, int64_t ms);
/// The same within a hundred years: for what is kept.
int64_t DueAfterLong(int64_t now_us, int64_t ms);

}  // namespace orc
