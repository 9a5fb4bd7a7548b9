// Writes batches of changes to PostgreSQL: one transaction, one statement per kind of row, one round trip.
#pragma once

#include <memory>
#include <span>

#include "engine/store.h"
#include "store/postgres_pool.h"
#include "store/sqlite_batch.h"

namespace orc {

/// Used by one thread at a time; owns the one session that writes, and with it the right to: while it is connected, no other server's
/// writer is.
class PostgresWriter {
 public:
  /// What is given must outlive the writer.
  PostgresWriter(const PostgresOptions& options, PostgresOutage& outage);

  /// Connects and takes the server's lock, waiting for one that a server which just ended may still hold, `patience_ms` at most.
  Result<void> Open(int64_t patience_ms);

  /// As Store::Commit; the caller finds the words for a kConflict. kUnavailable when the connection was lost on the way: the changes may be
  /// written or not.
  Result<void> Commit(std::span<const Change* const> changes);

 private:
  Result<void> Connect();
  Result<void> Write(std::span<const Change* const> changes);
  Result<void> Send(std::span<const Change* const> changes);
  /// Sends what `batch_` holds, and empties it.
  Result<void> Flush();
  Result<void> SendRows(RowKind kind, JsonRows& rows);

  const PostgresOptions& options_;
  PostgresOutage& outage_;
  PostgresSession session_;
  SqliteBatch batch_;
  bool holds_ids_ = false;  // kHoldHistoryIds was sent in this transaction
};

}  // namespace orc
