// PostgreSQL as a side of a move.
#include "store/migrations.h"
#include "store/move_side.h"
#include "store/postgres_locks.h"
#include "store/postgres_setup.h"

namespace orc {
namespace {

constexpr int64_t kPatienceMs = 3'600'000;

class PostgresSide final : public MoveSide {
 public:
  explicit PostgresSide(std::unique_ptr<PostgresSession> session) : session_(std::move(session)) {}

  Result<std::vector<MovedTable>> Tables() override;
  Result<void> Begin() override { return Run("BEGIN ISOLATION LEVEL REPEATABLE READ"); }
  Result<void> Commit() override { return Run("COMMIT"); }
  Result<int> ReadPage(const MovedTable& table, const std::vector<MovedCell>& after, int limit,
                       const std::function<void(const Row&)>& visit) override;
  Result<void> Write(const MovedTable& table, JsonRows& rows) override;
  Result<MovedIds> LastIds() override;
  Result<void> SetLastIds(const MovedIds& ids) override;

 private:
  Result<void> Run(const std::string& script) {
    ORC_RETURN_IF_ERROR(session_->Execute(script));
    return {};
  }
  std::unique_ptr<PostgresSession> session_;
};

Result<std::vector<MovedTable>> PostgresSide::Tables() {
  ORC_ASSIGN_OR_RETURN(
      const PostgresAnswer columns,
      session_->Execute(
          "SELECT c.relname, a.attname, (format_type(a.atttypid, NULL) = 'bigint')::int, "
          "coalesce(array_position(i.indkey::int2[], a.attnum), -1) "
          "FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
          "LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary "
          "WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r' "
          "AND c.relname NOT IN ('schema_migrations', 'history_mark') ORDER BY c.relname COLLATE \"C\", a.attname COLLATE \"C\""));
  std::vector<MovedTable> tables;
  for (int i = 0; i < columns.size(); ++i) {
    const PostgresRow row = columns.row(i);
    if (tables.empty() || tables.back().name != row.View(0)) tables.push_back({row.Text(0), {}, {}});
    MovedTable& table = tables.back();
    const int64_t place = row.Int(3);  // in the key, from 0
    if (place >= 0) {
      if (table.key.size() <= static_cast<size_t>(place)) table.key.resize(static_cast<size_t>(place) + 1);
      table.key[static_cast<size_t>(place)] = table.columns.size();
    }
    table.columns.push_back({row.Text(1), row.Int(2) != 0});
  }
  return tables;
}

Result<int> PostgresSide::ReadPage(const MovedTable& table, const std::vector<MovedCell>& after, int limit,
                                   const std::function<void(const Row&)>& visit) {
  std::string places;
  for (size_t i = 0; i < after.size(); ++i) places += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
  const std::string where = after.empty() ? "" : " WHERE (" + KeyList(table) + ") > (" + places + ")";
  const std::string sql = "SELECT " + ColumnList(table) + " FROM " + table.name + where + " ORDER BY " + KeyList(table) + " LIMIT $" +
                          std::to_string(after.size() + 1);
  PostgresQuery query(sql);
  for (const MovedCell& cell : after) cell.is_number ? query.Bind(cell.number) : query.Bind(std::string_view(cell.text));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer answer, session_->Ask(query.Bind(limit)));
  for (int i = 0; i < answer.size(); ++i) visit(answer.row(i));
  return answer.size();
}

Result<void> PostgresSide::Write(const MovedTable& table, JsonRows& rows) {
  const std::string sql = "INSERT INTO " + table.name + " (" + ColumnList(table) + ") SELECT " + JsonColumns(table, "::bigint") +
                          " FROM jsonb_array_elements($1::jsonb) AS t(v)";
  PostgresQuery query(sql);
  ORC_RETURN_IF_ERROR(session_->Ask(query.BindRows(rows.Finish())));
  return {};
}

Result<MovedIds> PostgresSide::LastIds() {
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer ids,
                       session_->Execute("SELECT greatest((SELECT max(id) FROM run_events), (SELECT last_event_id FROM history_mark)), "
                                         "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM history_ids)"));
  return MovedIds{ids.first().Int(0), ids.first().Int(1)};
}

Result<void> PostgresSide::SetLastIds(const MovedIds& ids) {
  const std::string event = std::to_string(ids.event);
  const std::string last = std::to_string(std::max(ids.event, ids.log));
  return Run("SELECT setval('history_ids', greatest(" + last + ", 1), " + last + " > 0); UPDATE history_mark SET last_event_id = " + event);
}

Result<void> CheckSchema(PostgresSession& session) {
  ORC_ASSIGN_OR_RETURN(const std::vector<AppliedMigration> applied, AppliedMigrations(session));
  ORC_ASSIGN_OR_RETURN(const size_t known, CheckLedger(applied, KnownPostgresMigrations()));
  if (known == KnownPostgresMigrations().size()) return {};
  return Error{ErrorCode::kUnavailable, "its schema is older than this release; run orchestrator migrate on it first"};
}

Result<void> Prepare(PostgresSession& session, const PostgresOptions& options, bool is_source) {
  ORC_RETURN_IF_ERROR(session.Connect());
  ORC_RETURN_IF_ERROR(SetUpSession(session, options));
  ORC_RETURN_IF_ERROR(session.Execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer lock, session.Ask(PostgresQuery(kLockServer)));
  if (lock.first().Int(0) != 1) return Error{ErrorCode::kUnavailable, "a server works on it; stop that first"};
  return is_source ? CheckSchema(session) : MigratePostgres(session, KnownPostgresMigrations());
}

}  // namespace

Result<std::unique_ptr<MoveSide>> OpenPostgresSide(const PostgresOptions& options, bool is_source) {
  auto session = std::make_unique<PostgresSession>(ConninfoOf(options), kPatienceMs);
  if (const Result<void> ready = Prepare(*session, options, is_source); !ready.ok()) {
    return Error{ready.error().code, "cannot use the database " + options.dsn.ToShow() + ": " + ready.error().message};
  }
  return std::unique_ptr<MoveSide>(std::make_unique<PostgresSide>(std::move(session)));
}

}  // namespace orc
