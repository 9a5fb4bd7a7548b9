#include "store/memory_schedules.h"

#include <algorithm>

#include "base/json.h"
#include "store/memory_lists.h"
#include "store/store_errors.h"

namespace orc {
namespace {

void DropOwed(ScheduleProgress& progress) { progress.owed_us = progress.backlog_us = progress.backlog_end_us = 0; }

/// What becomes of the schedule `old` when a version says `row` of it.
ScheduleRow Renewed(const ScheduleRow& old, const ScheduleRow& row) {
  ScheduleRow renewed = row;
  renewed.id = old.id;
  renewed.created_us = old.created_us;
  renewed.paused = old.paused;
  renewed.revision = old.revision + 1;
  renewed.progress = old.progress;
  if (old.active && !old.paused && old.cron == row.cron && old.timezone == row.timezone) return renewed;
  renewed.progress.next_us = row.progress.next_us;
  renewed.progress.backlog_us = renewed.progress.backlog_end_us = 0;
  return renewed;
}

void ApplySet(const ScheduleSet& set, MemoryTables& tables, UndoLog& undo) {
  std::map<std::string, ScheduleRow> wanted;
  for (ScheduleRow row : set.rows) {
    for (std::string* text : {&row.name, &row.cron, &row.timezone, &row.context}) *text = ToStorableText(*text);
    wanted[row.name] = std::move(row);
  }
  std::vector<ScheduleRow> written;
  for (const auto& [id, old] : tables.schedules) {
    if (old.workflow_id != set.workflow_id) continue;
    if (const auto found = wanted.find(old.name); found != wanted.end()) {
      written.push_back(Renewed(old, found->second));
      wanted.erase(found);
    } else if (old.active) {
      ScheduleRow dropped = old;
      dropped.active = false;
      ++dropped.revision;
      DropOwed(dropped.progress);
      written.push_back(std::move(dropped));
    }
  }
  for (auto& [name, row] : wanted) written.push_back(std::move(row));
  for (ScheduleRow& row : written) {
    const std::string id = row.id;
    undo.Put(tables.schedules, id, std::move(row));
  }
}

Result<void> ApplyPause(const SchedulePause& pause, MemoryTables& tables, UndoLog& undo) {
  ORC_ASSIGN_OR_RETURN(ScheduleRow row, FindSchedule(tables, pause.id));
  if (row.paused && !pause.paused) row.progress.next_us = pause.next_us;
  if (pause.paused) DropOwed(row.progress);
  row.paused = pause.paused;
  ++row.revision;
  undo.Put(tables.schedules, pause.id, std::move(row));
  return {};
}

Result<void> ApplyAdvance(const ScheduleAdvance& advance, MemoryTables& tables, UndoLog& undo) {
  const auto found = tables.schedules.find(advance.id);
  if (found == tables.schedules.end()) return ScheduleMoved(advance, std::nullopt);
  ScheduleRow row = found->second;
  if (row.revision != advance.expected_revision) return ScheduleMoved(advance, row.revision);
  row.progress = advance.progress;
  ++row.revision;
  undo.Put(tables.schedules, advance.id, std::move(row));
  return {};
}

bool IsLiveOf(const MemoryRun& run, const std::string& schedule_id) {
  return !schedule_id.empty() && run.identity.schedule_id == schedule_id && !IsTerminal(run.progress.status);
}

void Cut(std::vector<ScheduleRow>& rows, int limit) {
  const auto most = static_cast<std::ptrdiff_t>(std::max(0, limit));
  if (static_cast<std::ptrdiff_t>(rows.size()) > most) rows.erase(rows.begin() + most, rows.end());
}

}  // namespace

Result<void> ApplySchedules(const Change& change, MemoryTables& tables, UndoLog& undo) {
  for (const ScheduleSet& set : change.schedule_sets) ApplySet(set, tables, undo);
  for (const SchedulePause& pause : change.schedule_pauses) ORC_RETURN_IF_ERROR(ApplyPause(pause, tables, undo));
  for (const ScheduleAdvance& advance : change.schedule_advances) ORC_RETURN_IF_ERROR(ApplyAdvance(advance, tables, undo));
  return {};
}

Result<ScheduleRow> FindSchedule(const MemoryTables& tables, const std::string& id) {
  const auto found = tables.schedules.find(id);
  if (found == tables.schedules.end()) return NoSuch("schedule", id);
  return found->second;
}

Result<PageOf<ScheduleRow>> PageOfSchedules(const MemoryTables& tables, const std::string& workflow_id, const Page& page) {
  std::vector<ScheduleRow> rows;
  for (const auto& [id, row] : tables.schedules) {
    if (row.active && (workflow_id.empty() || row.workflow_id == workflow_id)) rows.push_back(row);
  }
  auto position_of = [](const ScheduleRow& row) { return PagePosition{row.created_us, row.id}; };
  return CutPage('s', std::move(rows), page, position_of, NewestFirst);
}

std::vector<ScheduleRow> DueSchedules(const MemoryTables& tables, int64_t until_us, int limit) {
  std::vector<ScheduleRow> rows;
  for (const auto& [id, row] : tables.schedules) {
    if (row.active && !row.paused && row.progress.next_us > 0 && row.progress.next_us <= until_us) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [](const ScheduleRow& a, const ScheduleRow& b) {
    return std::tie(a.progress.next_us, a.id) < std::tie(b.progress.next_us, b.id);
  });
  Cut(rows, limit);
  return rows;
}

std::vector<ScheduleRow> OwingSchedules(const MemoryTables& tables, const std::string& after_id, int limit) {
  std::vector<ScheduleRow> rows;
  for (auto at = tables.schedules.upper_bound(after_id); at != tables.schedules.end(); ++at) {
    const ScheduleRow& row = at->second;
    if (row.progress.owed_us == 0) continue;
    const bool waits = row.overlap == ScheduleOverlap::kSkip || row.overlap == ScheduleOverlap::kQueue;
    if (!waits || LiveRunsOfSchedule(tables, row.id, 1).empty()) rows.push_back(row);
  }
  Cut(rows, limit);
  return rows;
}

std::vector<std::pair<std::string, RunStatus>> LiveRunsOfSchedule(const MemoryTables& tables, const std::string& schedule_id, int limit) {
  std::vector<std::pair<std::string, RunStatus>> live;
  for (const auto& [id, run] : tables.runs) {
    if (static_cast<int>(live.size()) >= limit) break;
    if (IsLiveOf(run, schedule_id)) live.emplace_back(id, run.progress.status);
  }
  return live;
}

}  // namespace orc
