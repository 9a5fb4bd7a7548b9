// The numbered SQL files of migrations/, built into the program, and their application to a database.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orc {

struct Migration {
  int number = 0;
  std::string_view name;  // the file's, without ".sql"
  std::string_view sql;
};

/// All that this release knows, by number. Generated from migrations/*.sql by embed_migrations.cmake.
std::span<const Migration> KnownMigrations();
/// Likewise for PostgreSQL, from migrations/postgres/*.sql.
std::span<const Migration> KnownPostgresMigrations();

/// Of a migration's text: what the ledger in the database holds of it.
std::string MigrationChecksum(std::string_view sql);

/// A line of that ledger.
struct AppliedMigration {
  int64_t number = 0;
  std::string name;
  std::string checksum;
};

/// How many of `known` have been applied; they must be the first ones, with the same texts. The error says when the schema is newer than
/// this release, has a gap, or was made by another text.
Result<size_t> CheckLedger(std::span<const AppliedMigration> applied, std::span<const Migration> known);

class SqliteSession;
class PostgresSession;

/// Brings the database to the newest of `known`, each migration in a transaction of its own, recorded with a checksum in
/// schema_migrations. The error says when the file belongs to another program, to a newer release, or was migrated by another text.
Result<void> Migrate(SqliteSession& session, std::span<const Migration> known);
/// What has been applied; nothing of a database that is empty. The error says when it belongs to another program.
Result<std::vector<AppliedMigration>> AppliedMigrations(SqliteSession& session);

/// The same for the first schema of a PostgreSQL session's search path, under an advisory lock: of several servers that start at the same
/// time one migrates, and the others wait.
Result<void> MigratePostgres(PostgresSession& session, std::span<const Migration> known);
Result<std::vector<AppliedMigration>> AppliedMigrations(PostgresSession& session);

}  // namespace orc
