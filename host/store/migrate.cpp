#include "base/clock.h"
#include "store/migrations.h"
#include "store/sqlite_session.h"

namespace orc {
namespace {

// "orch": marks the files of this program (PRAGMA application_id).
constexpr int64_t kApplicationId = 0x6f726368;

Error Refused(std::string message) { return Error{ErrorCode::kUnavailable, std::move(message)}; }

Result<int64_t> AskNumber(SqliteSession& session, const std::string& sql) {
  ORC_ASSIGN_OR_RETURN(std::string text, session.Ask(sql));
  return static_cast<int64_t>(std::strtoll(text.c_str(), nullptr, 10));
}

/// True for a database of ours, false for an empty one, which is there to be taken.
Result<bool> IsOurs(SqliteSession& session) {
  ORC_ASSIGN_OR_RETURN(int64_t owner, AskNumber(session, "PRAGMA application_id"));
  ORC_ASSIGN_OR_RETURN(int64_t tables, AskNumber(session, "SELECT count(*) FROM sqlite_schema"));
  if (owner == kApplicationId) return true;
  if (owner == 0 && tables == 0) return false;
  return Refused("it is an SQLite database of another program; name another file or state folder");
}

Result<void> CreateLedger(SqliteSession& session) {
  return session.Execute(
      "BEGIN;"
      "PRAGMA application_id = " +
      std::to_string(kApplicationId) +
      ";"
      "CREATE TABLE schema_migrations ("
      "  number INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_us INTEGER NOT NULL) STRICT;"
      "COMMIT;");
}

Result<void> Apply(SqliteSession& session, const Migration& migration) {
  ORC_RETURN_IF_ERROR(session.Execute("BEGIN IMMEDIATE"));
  ORC_RETURN_IF_ERROR(session.Execute(std::string(migration.sql)));
  std::string checksum = MigrationChecksum(migration.sql);
  SqliteQuery record(session, "INSERT INTO schema_migrations (number, name, checksum, applied_us) VALUES (?1, ?2, ?3, ?4)");
  record.Bind(migration.number).Bind(migration.name).Bind(checksum).Bind(SystemClock().NowUs());
  ORC_RETURN_IF_ERROR(record.Run());
  return session.Execute("COMMIT");
}

}  // namespace

Result<std::vector<AppliedMigration>> AppliedMigrations(SqliteSession& session) {
  std::vector<AppliedMigration> applied;
  ORC_ASSIGN_OR_RETURN(const bool ours, IsOurs(session));
  if (!ours) return applied;
  SqliteQuery query(session, "SELECT number, name, checksum FROM schema_migrations ORDER BY number");
  while (true) {
    ORC_ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return applied;
    applied.push_back({query.Int(0), query.Text(1), query.Text(2)});
  }
}

Result<void> Migrate(SqliteSession& session, std::span<const Migration> known) {
  ORC_ASSIGN_OR_RETURN(bool ours, IsOurs(session));
  if (!ours) ORC_RETURN_IF_ERROR(CreateLedger(session));
  ORC_ASSIGN_OR_RETURN(const std::vector<AppliedMigration> applied, AppliedMigrations(session));
  ORC_ASSIGN_OR_RETURN(const size_t known_already, CheckLedger(applied, known));
  for (const Migration& migration : known.subspan(known_already)) {
    Result<void> done = Apply(session, migration);
    if (done.ok()) continue;
    session.Rollback();
    return Error{done.error().code, "migration " + std::string(migration.name) + ": " + done.error().message};
  }
  return {};
}

}  // namespace orc
