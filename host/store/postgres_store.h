// The store for many runs and, later, many hosts: PostgreSQL through Poco::Data::PostgreSQL and libpq.
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "engine/store.h"
#include "store/postgres_dsn.h"

namespace orc {

struct PostgresOptions {
  PostgresDsn dsn;
  size_t pool_size = 8;                   // sessions; one of them writes
  int64_t connect_timeout_ms = 10'000;    // of one attempt; so long a start waits for a server that is not there yet, too
  int64_t statement_timeout_ms = 30'000;  // of one statement
};

/// Connects, and makes or migrates the tables. The error says what is wrong and what to do: nothing answers, a wrong password, a standby, a
/// schema of a newer release, another server at work. `clock` must outlive the store.
Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresOptions& options, const Clock& clock);

}  // namespace orc
