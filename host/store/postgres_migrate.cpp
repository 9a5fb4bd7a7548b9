#include "base/clock.h"
#include "store/migrations.h"
#include "store/postgres_locks.h"
#include "store/postgres_session.h"

namespace orc {
namespace {

Error Refused(std::string message) { return Error{ErrorCode::kUnavailable, std::move(message)}; }

Result<int64_t> AskNumber(PostgresSession& session, std::string_view sql) {
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer answer, session.Ask(PostgresQuery(sql)));
  return answer.empty() ? 0 : answer.first().Int(0);
}

/// True when the schema has our ledger, false when it is there to be taken.
Result<bool> HasLedger(PostgresSession& session) {
  constexpr std::string_view kLedgerColumns =
      "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'schema_migrations' "
      "AND column_name IN ('number', 'name', 'checksum', 'applied_us')";
  constexpr std::string_view kTakenNames =
      "SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace "
      "AND relname IN ('schema_migrations', 'workflows', 'workflow_versions', 'templates', 'runs', 'run_steps', 'run_documents', "
      "'run_events', 'run_logs', 'history_ids', 'history_mark', 'idempotency_keys', 'hook_cursors', 'deleted_runs')";
  ORC_ASSIGN_OR_RETURN(const int64_t columns, AskNumber(session, kLedgerColumns));
  if (columns == 4) return true;
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer taken, session.Ask(PostgresQuery(kTakenNames)));
  if (taken.first().IsNull(0)) return false;
  return Refused("its schema holds tables of another program (" + taken.first().Text(0) +
                 "); give the server a database or a schema of its own (options=-csearch_path%3DNAME in database.dsn)");
}

Result<void> Apply(PostgresSession& session, const Migration& migration) {
  ORC_RETURN_IF_ERROR(session.Execute(std::string(migration.sql)));
  PostgresQuery record("INSERT INTO schema_migrations (number, name, checksum, applied_us) VALUES ($1, $2, $3, $4)");
  record.Bind(migration.number).Bind(migration.name).Bind(MigrationChecksum(migration.sql)).Bind(SystemClock().NowUs());
  ORC_RETURN_IF_ERROR(session.Ask(record));
  return {};
}

/// Takes the lock and applies the first migration that is missing. True when there was one.
Result<bool> ApplyNext(PostgresSession& session, std::span<const Migration> known) {
  // Nobody changes the schema for an hour; a whole table may have to be rewritten.
  ORC_RETURN_IF_ERROR(session.Execute("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"));
  ORC_RETURN_IF_ERROR(session.Ask(PostgresQuery(kLockMigrations)));
  ORC_ASSIGN_OR_RETURN(const bool has_ledger, HasLedger(session));
  if (!has_ledger) {
    ORC_RETURN_IF_ERROR(
        session.Execute("CREATE TABLE schema_migrations (number bigint PRIMARY KEY, name text NOT NULL, "
                        "checksum text NOT NULL, applied_us bigint NOT NULL)"));
  }
  ORC_ASSIGN_OR_RETURN(const std::vector<AppliedMigration> ledger, AppliedMigrations(session));
  ORC_ASSIGN_OR_RETURN(const size_t applied, CheckLedger(ledger, known));
  if (applied < known.size()) {
    const Result<void> done = Apply(session, known[applied]);
    if (!done.ok()) return Error{done.error().code, "migration " + std::string(known[applied].name) + ": " + done.error().message};
  }
  ORC_RETURN_IF_ERROR(session.Execute("COMMIT"));
  return applied < known.size();
}

}  // namespace

Result<std::vector<AppliedMigration>> AppliedMigrations(PostgresSession& session) {
  std::vector<AppliedMigration> applied;
  ORC_ASSIGN_OR_RETURN(const bool has_ledger, HasLedger(session));
  if (!has_ledger) return applied;
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer rows,
                       session.Ask(PostgresQuery("SELECT number, name, checksum FROM schema_migrations ORDER BY number")));
  for (int i = 0; i < rows.size(); ++i) applied.push_back({rows.row(i).Int(0), rows.row(i).Text(1), rows.row(i).Text(2)});
  return applied;
}

Result<void> MigratePostgres(PostgresSession& session, std::span<const Migration> known) {
  while (true) {
    Result<bool> went_on = ApplyNext(session, known);
    if (!went_on.ok()) session.Rollback();
    ORC_RETURN_IF_ERROR(went_on);
    if (!*went_on) return {};
  }
}

}  // namespace orc
