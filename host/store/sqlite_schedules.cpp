// Reads of schedules and of the runs that they started.
#include "base/json.h"
#include "store/schedule_columns.h"
#include "store/sqlite_pages.h"
#include "store/sqlite_store_impl.h"
#include "store/store_errors.h"

// As the partial index has it, word for word: SQLite takes the index for nothing else.
#define ORC_LIVE_OF_SCHEDULE "schedule_id <> '' AND status IN ('PENDING', 'RUNNING', 'WAITING_APPROVAL', 'WAITING', 'PAUSED', 'CANCELING')"

namespace orc {

Result<ScheduleRow> SqliteStore::GetSchedule(const std::string& id) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT " ORC_SCHEDULE_COLUMNS " FROM schedules WHERE id = ?1");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(id).Next());
  if (!found) return NoSuch("schedule", id);
  return ReadSchedule(query);
}

Result<PageOf<ScheduleRow>> SqliteStore::ListSchedules(const std::string& workflow_id, const Page& page) {
  ORC_ASSIGN_OR_RETURN(PagePosition after, PageStart('s', page, kFromNewest));
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  constexpr std::string_view kOfAll = "SELECT " ORC_SCHEDULE_COLUMNS
                                      " FROM schedules WHERE active = 1 AND (created_us, id) < (?1, ?2) "
                                      "ORDER BY created_us DESC, id DESC LIMIT ?3";
  constexpr std::string_view kOfOne = "SELECT " ORC_SCHEDULE_COLUMNS
                                      " FROM schedules WHERE active = 1 AND (created_us, id) < (?1, ?2) AND workflow_id = ?4 "
                                      "ORDER BY created_us DESC, id DESC LIMIT ?3";
  SqliteQuery query(*reader, workflow_id.empty() ? kOfAll : kOfOne);
  query.Bind(after.number).Bind(after.id).Bind(RowsToAsk(page));
  if (!workflow_id.empty()) query.Bind(workflow_id);
  ORC_ASSIGN_OR_RETURN(std::vector<ScheduleRow> rows, ReadRows<ScheduleRow>(query, ReadSchedule));
  return MakePage('s', std::move(rows), page, [](const ScheduleRow& row) { return PagePosition{row.created_us, row.id}; });
}

Result<std::vector<ScheduleRow>> SqliteStore::ListDueSchedules(int64_t until_us, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT " ORC_SCHEDULE_COLUMNS
                             " FROM schedules WHERE active = 1 AND paused = 0 AND next_us > 0 AND next_us <= ?1 "
                             "ORDER BY next_us, id LIMIT ?2");
  query.Bind(until_us).Bind(std::max(0, limit));
  return ReadRows<ScheduleRow>(query, ReadSchedule);
}

Result<std::vector<ScheduleRow>> SqliteStore::ListOwingSchedules(const std::string& after_id, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT " ORC_SCHEDULE_COLUMNS
                             " FROM schedules INDEXED BY schedules_owing WHERE owed_us > 0 AND id > ?1 AND "
                             "(overlap IN ('allow', 'cancel_running') OR NOT EXISTS "
                             "(SELECT 1 FROM runs INDEXED BY runs_schedule_live WHERE schedule_id = schedules.id AND " ORC_LIVE_OF_SCHEDULE
                             ")) ORDER BY id LIMIT ?2");
  query.Bind(after_id).Bind(std::max(0, limit));
  return ReadRows<ScheduleRow>(query, ReadSchedule);
}

Result<std::vector<std::pair<std::string, RunStatus>>> SqliteStore::ListLiveRunsOfSchedule(const std::string& schedule_id, int limit) {
  using Live = std::pair<std::string, RunStatus>;
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT id, status FROM runs INDEXED BY runs_schedule_live WHERE schedule_id = ?1 AND " ORC_LIVE_OF_SCHEDULE
                             " ORDER BY id LIMIT ?2");
  query.Bind(schedule_id).Bind(std::max(0, limit));
  return ReadRows<Live>(query, [](const Row& row) { return Live(row.Text(0), ParseRunStatus(row.View(1)).value_or(RunStatus::kRunning)); });
}

}  // namespace orc
