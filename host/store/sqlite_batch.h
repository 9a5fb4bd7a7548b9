// Changes gathered by kind of row: what one statement each will write.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/store.h"
#include "store/json_rows.h"

namespace orc {

/// In the order in which the kinds of one change are written.
enum class RowKind : uint8_t {
  kNewWorkflows,
  kWorkflowUpdates,
  kNewVersions,
  kNewTemplates,
  kTemplateUpdates,
  kDeletedTemplates,
  kNewRuns,
  kRunUpdates,
  kRunAdvances,  // updates that stay in place
  kClearedSteps,
  kSteps,
  kDocuments,
  kEvents,
  kLogs,
  kOldIdempotency,
  kIdempotency,
  kReadMail,
  kMail,
  kHookCursors,
  kDroppedSchedules,
  kSchedules,
  kSchedulePauses,
  kScheduleAdvances,
  kDeletedRuns,
};
inline constexpr size_t kRowKinds = static_cast<size_t>(RowKind::kDeletedRuns) + 1;

/// A group of changes that may be written kind by kind with the same outcome as one after the other.
class SqliteBatch {
 public:
  /// False when `change` must wait for a group of its own or the next one: it touches a run that the group touches, makes one that
  /// the group logged to when it was not there, reads mail of one to whom the group writes some, is of a rare kind that is kept apart, or
  /// the group is large enough. An empty group takes any change.
  bool Fits(const Change& change) const;
  /// The texts of `change` must live until Clear.
  void Add(const Change& change);
  void Clear();

  bool empty() const { return changes_ == 0; }
  /// A change may write a step or a document several times, and the last counts. One statement must not (PostgreSQL refuses to touch a row
  /// twice): the second of them comes in the second wave of rows of its kind, and so on.
  JsonRows& RowsOf(RowKind kind, size_t wave = 0);
  size_t WavesOf(RowKind kind) const { return rows_[static_cast<size_t>(kind)].size(); }

 private:
  size_t BytesOf(RowKind kind) const;
  void AddCatalog(const Change& change);
  void AddRuns(const Change& change);
  void AddSteps(const Change& change);
  void AddDocuments(const Change& change);
  void AddHistory(const Change& change);
  void AddSchedules(const Change& change);
  void AddRest(const Change& change);

  std::array<std::vector<JsonRows>, kRowKinds> rows_;  // by wave
  std::unordered_set<std::string_view> runs_;          // and schedules, whose rows the group writes
  std::unordered_set<std::string_view> logged_;        // whose logs it appends to
  std::unordered_set<std::string_view> mailed_;        // to whom it writes mail
  size_t changes_ = 0;
  bool closed_ = false;
};

}  // namespace orc
