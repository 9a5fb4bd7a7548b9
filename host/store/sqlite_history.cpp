// Reads of events, logs, idempotency keys and hook cursors.
#include "store/sqlite_pages.h"
#include "store/sqlite_store_impl.h"

#define ORC_EVENT_COLUMNS "id, run_id, workflow_id, number, at_us, type, step, item, payload"
#define ORC_LOG_COLUMNS "id, run_id, at_us, step, try_number, level, source, text"

namespace orc {
namespace {

EventRow ReadEvent(const SqliteQuery& row) {
  HistoryEvent event{row.Int(3), row.Int(4), row.Text(5), row.Int32(6), row.Int32(7), row.Text(8)};
  return EventRow{row.Int(0), row.Text(1), row.Text(2), std::move(event)};
}

LogRow ReadLog(const SqliteQuery& row) {
  return LogRow{row.Int(0), row.Text(1), row.Int(2), row.Int32(3), row.Int32(4), row.Text(5), row.Text(6), row.Text(7)};
}

/// `of_run` takes (run, after, limit), `of_all` (after, limit).
template <typename Row, typename Read>
Result<std::vector<Row>> ReadAfter(SqliteSession& session, std::string_view of_run, std::string_view of_all, const std::string& run_id,
                                   int64_t after_id, int limit, Read read) {
  SqliteQuery query(session, run_id.empty() ? of_all : of_run);
  if (!run_id.empty()) query.Bind(run_id);
  query.Bind(after_id).Bind(std::max(0, limit));
  return ReadRows<Row>(query, read);
}

}  // namespace

Result<std::vector<EventRow>> SqliteStore::ReadEvents(const std::string& run_id, int64_t after_id, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  constexpr std::string_view kOfRun = "SELECT " ORC_EVENT_COLUMNS " FROM run_events WHERE run_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
  constexpr std::string_view kOfAll = "SELECT " ORC_EVENT_COLUMNS " FROM run_events WHERE id > ?1 ORDER BY id LIMIT ?2";
  return ReadAfter<EventRow>(*reader, kOfRun, kOfAll, run_id, after_id, limit, ReadEvent);
}

Result<std::vector<LogRow>> SqliteStore::ReadLogs(const std::string& run_id, int64_t after_id, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  constexpr std::string_view kOfRun = "SELECT " ORC_LOG_COLUMNS " FROM run_logs WHERE run_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
  constexpr std::string_view kOfAll = "SELECT " ORC_LOG_COLUMNS " FROM run_logs WHERE id > ?1 ORDER BY id LIMIT ?2";
  return ReadAfter<LogRow>(*reader, kOfRun, kOfAll, run_id, after_id, limit, ReadLog);
}

Result<int64_t> SqliteStore::LastEventId() {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  // Not max(id): the rows of a deleted run may have been the last.
  SqliteQuery query(*reader, "SELECT seq FROM sqlite_sequence WHERE name = 'run_events'");
  ORC_ASSIGN_OR_RETURN(bool found, query.Next());
  return found ? query.Int(0) : 0;
}

Result<std::optional<IdempotencyRow>> SqliteStore::FindIdempotency(const std::string& scope, const std::string& key) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader,
                    "SELECT scope, key, body_hash, status, location, body, created_us FROM idempotency_keys WHERE scope = ?1 AND key = ?2");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(scope).Bind(key).Next());
  if (!found) return std::optional<IdempotencyRow>();
  return std::optional<IdempotencyRow>(
      {query.Text(0), query.Text(1), query.Text(2), query.Int32(3), query.Text(4), query.Text(5), query.Int(6)});
}

Result<int64_t> SqliteStore::GetHookCursor(const std::string& hook) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT event_id FROM hook_cursors WHERE hook = ?1");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(hook).Next());
  return found ? query.Int(0) : 0;
}

}  // namespace orc
