#include "store/postgres_writer.h"

#include <chrono>
#include <thread>

#include "store/postgres_locks.h"
#include "store/postgres_sql.h"

namespace orc {
namespace {

constexpr int kMostTries = 3;  // of a transaction that the server rolled back in favour of another one
constexpr int64_t kLockPollMs = 50;

const char* const kTaken =
    "another orchestrator server works on these tables; stop that one first, or give this server a database or a schema of its own "
    "(options=-csearch_path%3DNAME in database.dsn)";

}  // namespace

PostgresWriter::PostgresWriter(const PostgresOptions& options, PostgresOutage& outage)
    : options_(options), outage_(outage), session_(ConninfoOf(options), options.statement_timeout_ms + kAnswerGraceMs) {}

Result<void> PostgresWriter::Connect() {
  if (!session_.IsIdle()) ORC_RETURN_IF_ERROR(outage_.Connect(session_, options_));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer lock, session_.Ask(PostgresQuery(kLockServer)));
  if (lock.first().Int(0) == 1) return {};
  return Error{ErrorCode::kConflict, kTaken};
}

Result<void> PostgresWriter::Open(int64_t patience_ms) {
  while (true) {
    Result<void> connected = Connect();
    if (connected.ok()) return connected;
    // The session of a server that was killed lives on for a moment.
    patience_ms -= kLockPollMs;
    if (connected.error().code != ErrorCode::kConflict || patience_ms <= 0) {
      session_.Abandon();  // connected or not, it has no right to write
      return Error{ErrorCode::kUnavailable, connected.error().message};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kLockPollMs));
  }
}

Result<void> PostgresWriter::Commit(std::span<const Change* const> changes) {
  if (!session_.IsIdle() || !session_.IsAlive()) ORC_RETURN_IF_ERROR(Open(0));
  Result<void> written;
  for (int tries = 0; tries < kMostTries; ++tries) {
    written = Write(changes);
    if (written.ok() || !session_.was_transient() || !session_.IsIdle()) break;
  }
  // What made the server refuse (it became read-only, it forgot a statement) may be another one's matter: the next commit looks anew.
  if (!written.ok() && written.error().code == ErrorCode::kUnavailable) session_.Abandon();
  return written;
}

Result<void> PostgresWriter::Write(std::span<const Change* const> changes) {
  Result<void> written = Send(changes);
  if (written.ok()) {
    const auto answers = session_.Collect();
    if (!answers.ok()) written = answers.error();
  }
  batch_.Clear();
  if (!written.ok()) session_.Rollback();
  return written;
}

Result<void> PostgresWriter::Send(std::span<const Change* const> changes) {
  holds_ids_ = false;
  ORC_RETURN_IF_ERROR(session_.Send(PostgresQuery("BEGIN")));
  for (const Change* change : changes) {
    if (!batch_.Fits(*change)) ORC_RETURN_IF_ERROR(Flush());
    batch_.Add(*change);
  }
  ORC_RETURN_IF_ERROR(Flush());
  return session_.Send(PostgresQuery("COMMIT"));
}

Result<void> PostgresWriter::Flush() {
  for (size_t i = 0; i < kRowKinds; ++i) {
    const RowKind kind = static_cast<RowKind>(i);
    for (size_t wave = 0; wave < batch_.WavesOf(kind); ++wave) ORC_RETURN_IF_ERROR(SendRows(kind, batch_.RowsOf(kind, wave)));
  }
  batch_.Clear();
  return {};
}

Result<void> PostgresWriter::SendRows(RowKind kind, JsonRows& rows) {
  if (rows.count() == 0) return {};
  if (!holds_ids_ && (kind == RowKind::kEvents || kind == RowKind::kLogs)) {
    ORC_RETURN_IF_ERROR(session_.Send(PostgresQuery(kHoldHistoryIds)));
    holds_ids_ = true;
  }
  const std::string_view json = rows.Finish();
  const PostgresBatchSql& sql = PostgresSqlOf(kind);
  for (const std::string_view statement : sql.statements) {
    PostgresQuery query(statement);
    query.BindRows(json);
    if (sql.every_row_counts) query.Bind(rows.count());
    ORC_RETURN_IF_ERROR(session_.Send(query));
  }
  return {};
}

}  // namespace orc
