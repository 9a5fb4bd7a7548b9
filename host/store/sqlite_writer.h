// Writes batches of changes: one transaction, one statement per kind of row.
#pragma once

#include <memory>
#include <span>

#include "engine/store.h"
#include "store/sqlite_batch.h"
#include "store/sqlite_session.h"

namespace orc {

/// Used by one thread at a time; owns the one session that writes.
class SqliteWriter {
 public:
  explicit SqliteWriter(std::unique_ptr<SqliteSession> session) : session_(std::move(session)) {}

  /// As Store::Commit. After an error the session is out of its transaction and fit for the next call.
  Result<void> Commit(std::span<const Change* const> changes);

 private:
  Result<void> Write(std::span<const Change* const> changes);
  /// Writes what `batch_` holds, and empties it.
  Result<void> Flush();
  Result<void> WriteRows(RowKind kind, JsonRows& rows);

  std::unique_ptr<SqliteSession> session_;
  SqliteBatch batch_;
};

}  // namespace orc
