// A decision in the making: a mutable overlay over a run that stays as it is.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/decide.h"

namespace orc {

/// Reads go through what was changed so far, then to the run. Collects everything that Decide returns. One decision, one thread.
class Draft {
 public:
  using StepKey = std::pair<uint32_t, int32_t>;  // step, item

  /// All arguments must outlive the draft.
  Draft(const Definition& definition, const Run& run, const Outputs& outputs, int64_t now_us);

  const Definition& definition() const { return definition_; }
  const StepDefinition& StepOf(const StepState& state) const { return definition_.steps[state.step]; }
  const Run& run() const { return run_; }
  int64_t now_us() const { return now_us_; }
  const RunProgress& progress() const { return decision_.progress; }

  /// Marks the run as changed.
  RunProgress& EditProgress();
  /// Null when the step was not begun.
  const StepState* FindStep(uint32_t step, int32_t item = -1) const;
  /// The step's state to be changed, made when there is none. The reference stays valid as long as the draft.
  StepState& EditStep(uint32_t step, int32_t item = -1);
  /// Steps that are begun and not over, in order.
  std::vector<StepKey> ActiveSteps() const;
  /// Rows and documents of `step` and of later ones go.
  void ClearFrom(uint32_t step);

  /// Of the texts that this decision writes so far.
  size_t document_bytes() const { return document_bytes_; }

  const Json& context() const;
  /// No less than the context's bytes as JSON: what it had when it was counted, and what was put into it since.
  size_t ContextBytesAtMost();
  void CountContextAnew() { context_bytes_ = 0; }
  void NoteContextGrowth(size_t bytes) { context_bytes_ += bytes; }
  JsonObject& EditContext();

  /// The output (or response headers) of a finished step, those of this very decision included; null when there is none.
  const Json* FindDocument(Document::Kind kind, uint32_t step, int32_t item = -1) const;
  const std::string* FindInput(uint32_t step, int32_t item) const;
  void AddDocument(Document::Kind kind, const StepState& state, std::string text);

  void AddHistory(std::string type, int32_t step, int32_t item, std::string payload);
  /// A line about the run, or about the step and the try that it is at.
  void Log(std::string_view level, std::string text);
  void Log(const StepState& state, std::string_view level, std::string text);
  void Start(const StepState& state, std::string input);
  void Cancel(const StepState& state);
  void Refuse(ErrorCode code, std::string message, std::vector<Problem> problems = {});

  /// Brings the run's status and its earliest due time in line with its steps.
  void Settle();
  Decision Finish() &&;

 private:
  using DocumentKey = std::tuple<Document::Kind, uint32_t, int32_t>;
  AttemptKey KeyOf(const StepState& state) const;

  const Definition& definition_;
  const Run& run_;
  const Outputs& outputs_;
  const int64_t now_us_;
  Decision decision_;
  std::map<StepKey, StepState> edits_;
  std::shared_ptr<Json> context_;  // null: unchanged
  size_t document_bytes_ = 0;
  size_t context_bytes_ = 0;                                     // 0: not counted
  std::map<DocumentKey, size_t> fresh_;                          // index in decision_.documents
  mutable std::map<DocumentKey, std::unique_ptr<Json>> parsed_;  // of fresh_
};

/// `now_us` plus milliseconds, kept within a year: no due time overflows.
int64_t DueAfter(int64_t now_us, int64_t ms);

}  // namespace orc
