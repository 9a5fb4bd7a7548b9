// Which migrations a database has, and bringing it on without starting a server.
#pragma once

#include <string>
#include <vector>

#include "store/migrations.h"
#include "store/postgres_store.h"

namespace orc {

struct SchemaState {
  std::vector<AppliedMigration> applied;
  std::vector<Migration> pending;  // in order
};

/// Changes nothing. The error says when the database can't be reached, is another program's, or newer than this release.
Result<SchemaState> ReadSqliteSchema(const std::string& file);
Result<SchemaState> ReadPostgresSchema(const PostgresOptions& options);

/// Applies the migrations up to the number `to`; 0: all. kInvalid for a number that this release does not have, or that the database has
/// passed. SQLite: kUnavailable while a server has the file; PostgreSQL: other servers wait while it lasts.
Result<void> MigrateSqliteSchema(const std::string& file, int to);
Result<void> MigratePostgresSchema(const PostgresOptions& options, int to);

}  // namespace orc
