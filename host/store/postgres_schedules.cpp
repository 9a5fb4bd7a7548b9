// Reads of schedules and of the runs that they started.
#include "store/postgres_store_impl.h"
#include "store/schedule_columns.h"
#include "store/store_errors.h"

#define ORC_LIVE_OF_SCHEDULE "schedule_id <> '' AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')"

namespace orc {

Result<ScheduleRow> PostgresStore::GetSchedule(const std::string& id) {
  PostgresQuery query("SELECT " ORC_SCHEDULE_COLUMNS " FROM schedules WHERE id = $1");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(id)));
  if (found.empty()) return NoSuch("schedule", id);
  return ReadSchedule(found.first());
}

Result<PageOf<ScheduleRow>> PostgresStore::ListSchedules(const std::string& workflow_id, const Page& page) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('s', page, kFromNewest));
  constexpr std::string_view kOfAll = "SELECT " ORC_SCHEDULE_COLUMNS
                                      " FROM schedules WHERE active = 1 AND (created_us, id) < ($1::bigint, $2) "
                                      "ORDER BY created_us DESC, id DESC LIMIT $3";
  constexpr std::string_view kOfOne = "SELECT " ORC_SCHEDULE_COLUMNS
                                      " FROM schedules WHERE active = 1 AND (created_us, id) < ($1::bigint, $2) AND workflow_id = $4 "
                                      "ORDER BY created_us DESC, id DESC LIMIT $3";
  PostgresQuery query(workflow_id.empty() ? kOfAll : kOfOne);
  query.Bind(after.number).Bind(after.id).Bind(RowsToAsk(page));
  if (!workflow_id.empty()) query.Bind(workflow_id);
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  ORC_ASSIGN_OR_RETURN(std::vector<ScheduleRow> rows, ReadRows<ScheduleRow>(found, ReadSchedule));
  return MakePage('s', std::move(rows), page, [](const ScheduleRow& row) { return PagePosition{row.created_us, row.id}; });
}

Result<std::vector<ScheduleRow>> PostgresStore::ListDueSchedules(int64_t until_us, int limit) {
  PostgresQuery query("SELECT " ORC_SCHEDULE_COLUMNS
                      " FROM schedules WHERE active = 1 AND paused = 0 AND next_us > 0 AND next_us <= $1 ORDER BY next_us, id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(until_us).Bind(std::max(0, limit))));
  return ReadRows<ScheduleRow>(found, ReadSchedule);
}

Result<std::vector<ScheduleRow>> PostgresStore::ListOwingSchedules(const std::string& after_id, int limit) {
  PostgresQuery query("SELECT " ORC_SCHEDULE_COLUMNS
                      " FROM schedules WHERE owed_us > 0 AND id > $1 AND (overlap IN ('allow', 'cancel_running') OR NOT EXISTS "
                      "(SELECT 1 FROM runs WHERE schedule_id = schedules.id AND " ORC_LIVE_OF_SCHEDULE ")) ORDER BY id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(after_id).Bind(std::max(0, limit))));
  return ReadRows<ScheduleRow>(found, ReadSchedule);
}

Result<std::vector<std::pair<std::string, RunStatus>>> PostgresStore::ListLiveRunsOfSchedule(const std::string& schedule_id, int limit) {
  PostgresQuery query("SELECT id, status FROM runs WHERE schedule_id = $1 AND " ORC_LIVE_OF_SCHEDULE " ORDER BY id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(schedule_id).Bind(std::max(0, limit))));
  using Live = std::pair<std::string, RunStatus>;
  return ReadRows<Live>(found, [](const Row& row) { return Live(row.Text(0), ParseRunStatus(row.View(1)).value_or(RunStatus::kRunning)); });
}

}  // namespace orc
