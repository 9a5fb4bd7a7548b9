// The embedded store: SQLite (WAL, synchronous=FULL) through Poco::Data::SQLite.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "engine/store.h"
#include "store/migrations.h"

namespace orc {

/// Opens (or makes, and migrates) `file`. The error says what is wrong with it and what to do: not a database, read-only, made by a newer
/// release, locked by another process.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file);

/// Makes the file if there is none and applies what it lacks of `known`; kUnavailable while a server has it.
Result<void> MigrateSqliteFile(const std::string& file, std::span<const Migration> known);

}  // namespace orc
