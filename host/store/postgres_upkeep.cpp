// Reads by which the engine finds what is to be done: runs under way, due, limited or expired, and mail.
#include "store/postgres_store_impl.h"
#include "store/run_columns.h"

#define ORC_LIVE "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')"

namespace orc {

Result<std::vector<std::string>> PostgresStore::ListActiveRuns(const std::string& after_id, int limit) {
  PostgresQuery query("SELECT id FROM runs WHERE status IN ('PENDING', 'RUNNING', 'CANCELING', 'PAUSED') AND id > $1 ORDER BY id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(after_id).Bind(std::max(0, limit))));
  return ReadRows<std::string>(found, [](const Row& row) { return row.Text(0); });
}

Result<std::vector<std::pair<int64_t, std::string>>> PostgresStore::ListDueRuns(int64_t until_us, int limit) {
  PostgresQuery query("SELECT wake_us, id FROM runs WHERE wake_us > 0 AND wake_us <= $1 AND " ORC_LIVE " ORDER BY wake_us, id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(until_us).Bind(std::max(0, limit))));
  using Due = std::pair<int64_t, std::string>;
  return ReadRows<Due>(found, [](const Row& row) { return Due(row.Int(0), row.Text(1)); });
}

Result<std::vector<RunMail>> PostgresStore::ListMail(const RunMail* after, int limit) {
  PostgresQuery query(
      "SELECT to_run, from_run, kind, attempt, step, item FROM run_mail WHERE (to_run, from_run, kind, attempt) > "
      "($1, $2, $3::bigint, $4::bigint) ORDER BY to_run, from_run, kind, attempt LIMIT $5");
  const RunMail first{.kind = RunMail::Kind::kEnded, .attempt = -1};
  const RunMail& from = after != nullptr ? *after : first;
  query.Bind(from.to).Bind(from.from).Bind(static_cast<int64_t>(from.kind)).Bind(from.attempt).Bind(std::max(0, limit));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  return ReadRows<RunMail>(found, [](const Row& row) {
    return RunMail{row.Text(0),  row.Text(1), static_cast<RunMail::Kind>(row.Int(2)), static_cast<uint32_t>(row.Int(4)),
                   row.Int32(5), row.Int32(3)};
  });
}

Result<std::vector<Run>> PostgresStore::ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) {
  PostgresQuery query("SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS " FROM runs WHERE limit_key <> '' AND " ORC_LIVE
                      " AND (created_us, id) > ($1::bigint, $2) ORDER BY created_us, id LIMIT $3");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(after_created_us).Bind(after_id).Bind(std::max(0, limit))));
  return ReadRows<Run>(found, ReadRun);
}

Result<std::vector<std::string>> PostgresStore::ListExpiredRuns(int64_t until_us, int limit) {
  PostgresQuery query(
      "SELECT id FROM runs WHERE expires_us > 0 AND expires_us <= $1 AND NOT EXISTS (SELECT 1 FROM run_mail WHERE from_run = runs.id) "
      "ORDER BY expires_us, id LIMIT $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(until_us).Bind(std::max(0, limit))));
  return ReadRows<std::string>(found, [](const Row& row) { return row.Text(0); });
}

}  // namespace orc
