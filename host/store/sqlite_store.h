// The embedded store: SQLite (WAL, synchronous=FULL) through Poco::Data::SQLite.
#pragma once

#include <memory>
#include <string>

#include "engine/store.h"

namespace orc {

/// Opens (or makes, and migrates) `file`. The error says what is wrong with it and what to do: not a database, read-only, made by a newer
/// release, locked by another process.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file);

}  // namespace orc
