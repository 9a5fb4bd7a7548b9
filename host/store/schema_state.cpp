#include "store/schema_state.h"

#include <filesystem>

#include "store/postgres_setup.h"
#include "store/sqlite_session.h"
#include "store/sqlite_store.h"
#include "store/state_lock.h"

namespace orc {
namespace {

constexpr int64_t kPatienceMs = 3'600'000;

Error At(const std::string& database, const Error& error) {
  return Error{error.code, "cannot use the database " + database + ": " + error.message};
}

Result<SchemaState> StateOf(std::vector<AppliedMigration> applied, std::span<const Migration> known) {
  ORC_ASSIGN_OR_RETURN(const size_t count, CheckLedger(applied, known));
  const auto pending = known.subspan(count);
  return SchemaState{std::move(applied), {pending.begin(), pending.end()}};
}

/// The migrations up to `to`.
Result<std::span<const Migration>> UpTo(std::span<const Migration> known, const SchemaState& state, int to) {
  const int newest = static_cast<int>(known.size()), has = static_cast<int>(state.applied.size());
  if (to == 0) return known;
  if (to > newest) {
    return Error{ErrorCode::kInvalid, "this release has no migration " + std::to_string(to) + ", its newest is " + std::to_string(newest)};
  }
  if (to < has) {
    return Error{ErrorCode::kInvalid, "it has migration " + std::to_string(has) +
                                          " already; a schema only goes forward: to go back, restore a backup that was made before"};
  }
  return known.first(static_cast<size_t>(to));
}

Result<std::unique_ptr<PostgresSession>> Connect(const PostgresOptions& options) {
  auto session = std::make_unique<PostgresSession>(ConninfoOf(options), kPatienceMs);
  ORC_RETURN_IF_ERROR(session->Connect());
  ORC_RETURN_IF_ERROR(SetUpSession(*session, options));
  return session;
}

Result<SchemaState> ReadState(const PostgresOptions& options) {
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<PostgresSession> session, Connect(options));
  ORC_ASSIGN_OR_RETURN(std::vector<AppliedMigration> applied, AppliedMigrations(*session));
  return StateOf(std::move(applied), KnownPostgresMigrations());
}

Result<void> MigrateTo(const PostgresOptions& options, int to) {
  ORC_ASSIGN_OR_RETURN(const SchemaState state, ReadState(options));
  ORC_ASSIGN_OR_RETURN(const std::span<const Migration> wanted, UpTo(KnownPostgresMigrations(), state, to));
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<PostgresSession> session, Connect(options));
  return MigratePostgres(*session, wanted);
}

}  // namespace

Result<SchemaState> ReadSqliteSchema(const std::string& file) {
  std::error_code fault;
  if (!std::filesystem::exists(file, fault)) return StateOf({}, KnownMigrations());  // and it is not made
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<SqliteSession> session, SqliteSession::Open(file));
  Result<std::vector<AppliedMigration>> applied = AppliedMigrations(*session);
  if (!applied.ok()) return At(file, applied.error());
  Result<SchemaState> state = StateOf(std::move(applied).value(), KnownMigrations());
  if (!state.ok()) return At(file, state.error());
  return state;
}

Result<void> MigrateSqliteSchema(const std::string& file, int to) {
  ORC_ASSIGN_OR_RETURN(const SchemaState state, ReadSqliteSchema(file));
  ORC_ASSIGN_OR_RETURN(const std::span<const Migration> wanted, UpTo(KnownMigrations(), state, to));
  return MigrateSqliteFile(file, wanted);
}

Result<SchemaState> ReadPostgresSchema(const PostgresOptions& options) {
  Result<SchemaState> state = ReadState(options);
  if (!state.ok()) return At(options.dsn.ToShow(), state.error());
  return state;
}

Result<void> MigratePostgresSchema(const PostgresOptions& options, int to) {
  const Result<void> done = MigrateTo(options, to);
  return done.ok() ? done : At(options.dsn.ToShow(), done.error());
}

}  // namespace orc
