// Reads by which the engine finds what is to be done: runs under way, due, limited or expired, and mail.
#include "store/run_columns.h"
#include "store/sqlite_pages.h"
#include "store/sqlite_store_impl.h"

namespace orc {

Result<std::vector<std::string>> SqliteStore::ListActiveRuns(const std::string& after_id, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  // Left to itself SQLite takes the index by status, and sorts.
  SqliteQuery query(*reader,
                    "SELECT id FROM runs INDEXED BY runs_active WHERE status IN ('PENDING', 'RUNNING', 'CANCELING', 'PAUSED') AND id > ?1 "
                    "ORDER BY id LIMIT ?2");
  query.Bind(after_id).Bind(std::max(0, limit));
  return ReadRows<std::string>(query, [](const Row& row) { return row.Text(0); });
}

Result<std::vector<std::pair<int64_t, std::string>>> SqliteStore::ListDueRuns(int64_t until_us, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader,
                    "SELECT wake_us, id FROM runs WHERE wake_us > 0 AND wake_us <= ?1 AND "
                    "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT') ORDER BY wake_us, id LIMIT ?2");
  query.Bind(until_us).Bind(std::max(0, limit));
  using Due = std::pair<int64_t, std::string>;
  return ReadRows<Due>(query, [](const Row& row) { return Due(row.Int(0), row.Text(1)); });
}

Result<std::vector<RunMail>> SqliteStore::ListMail(const RunMail* after, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader,
                    "SELECT to_run, from_run, kind, attempt, step, item FROM run_mail WHERE (to_run, from_run, kind, attempt) > "
                    "(?1, ?2, ?3, ?4) ORDER BY to_run, from_run, kind, attempt LIMIT ?5");
  const RunMail first{.kind = RunMail::Kind::kEnded, .attempt = -1};
  const RunMail& from = after != nullptr ? *after : first;
  query.Bind(from.to).Bind(from.from).Bind(static_cast<int64_t>(from.kind)).Bind(from.attempt).Bind(std::max(0, limit));
  return ReadRows<RunMail>(query, [](const Row& row) {
    return RunMail{row.Text(0),  row.Text(1), static_cast<RunMail::Kind>(row.Int(2)), static_cast<uint32_t>(row.Int(4)),
                   row.Int32(5), row.Int32(3)};
  });
}

Result<std::vector<Run>> SqliteStore::ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS
                             " FROM runs INDEXED BY runs_limited WHERE limit_key <> '' AND "
                             "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT') AND (created_us, id) > (?1, ?2) "
                             "ORDER BY created_us, id LIMIT ?3");
  query.Bind(after_created_us).Bind(after_id).Bind(std::max(0, limit));
  return ReadRows<Run>(query, ReadRun);
}

Result<std::vector<std::string>> SqliteStore::ListExpiredRuns(int64_t until_us, int limit) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader,
                    "SELECT id FROM runs WHERE expires_us > 0 AND expires_us <= ?1 AND NOT EXISTS (SELECT 1 FROM run_mail WHERE from_run = "
                    "runs.id) ORDER BY expires_us, id LIMIT ?2");
  query.Bind(until_us).Bind(std::max(0, limit));
  return ReadRows<std::string>(query, [](const Row& row) { return row.Text(0); });
}

}  // namespace orc
