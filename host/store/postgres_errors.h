// What PostgreSQL's errors mean to the callers of a store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct pg_result;
struct pg_conn;

namespace orc {

/// SQLSTATE of a failed guard: a statement of the batch that divides by zero when it must not go on (see postgres_sql.cpp).
inline constexpr std::string_view kGuardState = "22012";

/// Of a failed statement. A broken uniqueness or guard is kConflict, data that PostgreSQL refuses kInvalid; a server that is full, going
/// down, read-only, too slow or not as this release left it is kUnavailable; the rest is a mistake of this program: kInternal.
Error PostgresError(const pg_result* result);

/// Of a connection that can't be made or was lost: kUnavailable, on one line, with advice where there is any.
Error ConnectionError(const pg_conn* connection, std::string_view what);

/// True for errors after which the very same transaction may be tried again at once: it was rolled back in favour of another one.
bool IsTransient(const pg_result* result);

/// True when trying again later may help without anybody doing anything to the configuration: the server is not there yet, or starting.
bool MayPass(const Error& connection_error);

}  // namespace orc
