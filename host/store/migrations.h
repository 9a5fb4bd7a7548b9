// The numbered SQL files of migrations/, built into the program, and their application to a database.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace orc {

struct Migration {
  int number = 0;
  std::string_view name;  // the file's, without ".sql"
  std::string_view sql;
};

/// All that this release knows, by number. Generated from migrations/*.sql by embed_migrations.cmake.
std::span<const Migration> KnownMigrations();

class SqliteSession;

/// Brings the database to the newest of `known`, each migration in a transaction of its own, recorded with a checksum in
/// schema_migrations. The error says when the file belongs to another program, to a newer release, or was migrated by another text.
Result<void> Migrate(SqliteSession& session, std::span<const Migration> known);

}  // namespace orc
