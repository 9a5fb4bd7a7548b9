#include "store/sqlite_writer.h"

#include "store/batch_sql.h"
#include "store/sqlite_conflict.h"

namespace orc {

Result<void> SqliteWriter::Commit(std::span<const Change* const> changes) {
  Result<void> written = Write(changes);
  if (written.ok()) return written;
  session_->Rollback();
  batch_.Clear();
  if (written.error().code != ErrorCode::kConflict) return written;
  return NameConflict(*session_, changes, written.error());
}

Result<void> SqliteWriter::Write(std::span<const Change* const> changes) {
  // Not IMMEDIATE: there is no other writer, and the first statement of each batch writes.
  ORC_RETURN_IF_ERROR(SqliteQuery(*session_, "BEGIN").Run());
  for (const Change* change : changes) {
    if (!batch_.Fits(*change)) ORC_RETURN_IF_ERROR(Flush());
    batch_.Add(*change);
  }
  ORC_RETURN_IF_ERROR(Flush());
  ORC_RETURN_IF_ERROR(session_->CheckFilesInPlace());
  ORC_RETURN_IF_ERROR(SqliteQuery(*session_, "COMMIT").Run());
  return {};
}

Result<void> SqliteWriter::Flush() {
  for (size_t i = 0; i < kRowKinds; ++i) {
    const RowKind kind = static_cast<RowKind>(i);
    for (size_t wave = 0; wave < batch_.WavesOf(kind); ++wave) ORC_RETURN_IF_ERROR(WriteRows(kind, batch_.RowsOf(kind, wave)));
  }
  batch_.Clear();
  return {};
}

Result<void> SqliteWriter::WriteRows(RowKind kind, JsonRows& rows) {
  if (rows.count() == 0) return {};
  const std::string_view json = rows.Finish();
  const BatchSql& sql = SqlOf(kind);
  if (!sql.refused_if.empty()) {
    SqliteQuery guard(*session_, sql.refused_if);
    ORC_ASSIGN_OR_RETURN(const bool is_refused, guard.Bind(json).Next());
    if (is_refused) return Error{ErrorCode::kConflict, "it is refused as things are now"};
  }
  for (std::string_view statement : sql.statements) {
    ORC_ASSIGN_OR_RETURN(int64_t changed, SqliteQuery(*session_, statement).Bind(json).Run());
    if (sql.every_row_counts && changed != rows.count()) {
      return Error{ErrorCode::kConflict, std::to_string(rows.count() - changed) + " of " + std::to_string(rows.count()) +
                                             " rows were not as the changes expected them"};
    }
  }
  return {};
}

}  // namespace orc
