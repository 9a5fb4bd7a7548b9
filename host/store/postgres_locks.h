// The advisory locks that this program takes in PostgreSQL, each for the first schema of the search path.
#pragma once

#include <string_view>

namespace orc {

#define ORC_PG_SCHEMA "quote_ident(current_schema())::regnamespace::oid::int"

/// Held to the end of the transaction that migrates. The first number spells "orcm".
inline constexpr std::string_view kLockMigrations = "SELECT pg_advisory_xact_lock(1869767533, " ORC_PG_SCHEMA ")";

/// Held by the session that writes, as long as it lives: no second server works on the same tables. Gives 1 when it was taken. "orcs".
inline constexpr std::string_view kLockServer = "SELECT pg_try_advisory_lock(1869767539, " ORC_PG_SCHEMA ")::int";

}  // namespace orc
