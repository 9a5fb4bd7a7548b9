// Reads of events, logs, idempotency keys and hook cursors.
#include <array>

#include "store/postgres_sql.h"
#include "store/postgres_store_impl.h"

#define ORC_EVENT_COLUMNS "id, run_id, workflow_id, number, at_us, type, step, item, payload"
#define ORC_LOG_COLUMNS "id, run_id, at_us, step, try_number, level, source, text"

namespace orc {
namespace {

EventRow ReadEvent(const Row& row) {
  HistoryEvent event{row.Int(3), row.Int(4), row.Text(5), row.Int32(6), row.Int32(7), row.Text(8)};
  return EventRow{row.Int(0), row.Text(1), row.Text(2), std::move(event)};
}

LogRow ReadLog(const Row& row) {
  return LogRow{row.Int(0), row.Text(1), row.Int(2), row.Int32(3), row.Int32(4), row.Text(5), row.Text(6), row.Text(7)};
}

}  // namespace

Result<PostgresAnswer> PostgresStore::AskOfSettled(const PostgresQuery& query) {
  const std::array queries = {PostgresQuery(kSeeGivenIds), PostgresQuery(kSeeSettledIds), query};
  ORC_ASSIGN_OR_RETURN(std::vector<PostgresAnswer> answers, readers_.AskInTurn(queries));
  return std::move(answers.back());
}

// The events of one run are written by one host, one commit after the other. Those of all runs may come from several at once: a lower id
// can be committed after a higher one, and who had read on to that would never see it.
Result<std::vector<EventRow>> PostgresStore::ReadEvents(const std::string& run_id, int64_t after_id, int limit) {
  if (run_id.empty()) {
    PostgresQuery query("SELECT " ORC_EVENT_COLUMNS " FROM run_events WHERE id > $1 AND id <= " ORC_PG_SETTLED " ORDER BY id LIMIT $2");
    ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, AskOfSettled(query.Bind(after_id).Bind(std::max(0, limit))));
    return ReadRows<EventRow>(found, ReadEvent);
  }
  PostgresQuery query("SELECT " ORC_EVENT_COLUMNS " FROM run_events WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT $3");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(run_id).Bind(after_id).Bind(std::max(0, limit))));
  return ReadRows<EventRow>(found, ReadEvent);
}

Result<std::vector<LogRow>> PostgresStore::ReadLogs(const std::string& run_id, int64_t after_id, int limit) {
  if (run_id.empty()) {
    PostgresQuery query("SELECT " ORC_LOG_COLUMNS " FROM run_logs WHERE id > $1 AND id <= " ORC_PG_SETTLED " ORDER BY id LIMIT $2");
    ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, AskOfSettled(query.Bind(after_id).Bind(std::max(0, limit))));
    return ReadRows<LogRow>(found, ReadLog);
  }
  PostgresQuery query("SELECT " ORC_LOG_COLUMNS " FROM run_logs WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT $3");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(run_id).Bind(after_id).Bind(std::max(0, limit))));
  return ReadRows<LogRow>(found, ReadLog);
}

Result<int64_t> PostgresStore::LastEventId() {
  const PostgresQuery query("SELECT greatest((SELECT max(id) FROM run_events WHERE id <= " ORC_PG_SETTLED
                            "), (SELECT last_event_id FROM history_mark))");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, AskOfSettled(query));
  return found.first().Int(0);
}

Result<std::optional<IdempotencyRow>> PostgresStore::FindIdempotency(const std::string& scope, const std::string& key) {
  PostgresQuery query(
      "SELECT scope, key, body_hash, status, location, body, created_us FROM idempotency_keys WHERE scope = $1 AND key = $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(scope).Bind(key)));
  if (found.empty()) return std::optional<IdempotencyRow>();
  const PostgresRow row = found.first();
  return std::optional<IdempotencyRow>({row.Text(0), row.Text(1), row.Text(2), row.Int32(3), row.Text(4), row.Text(5), row.Int(6)});
}

Result<int64_t> PostgresStore::GetHookCursor(const std::string& hook) {
  PostgresQuery query("SELECT event_id FROM hook_cursors WHERE hook = $1");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(hook)));
  return found.empty() ? 0 : found.first().Int(0);
}

}  // namespace orc
