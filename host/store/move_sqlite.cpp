// SQLite as a side of a move.
#include <filesystem>
#include <map>

#include "store/migrations.h"
#include "store/move_side.h"
#include "store/sqlite_session.h"
#include "store/sqlite_store.h"
#include "store/state_lock.h"

namespace orc {
namespace {

class SqliteSide final : public MoveSide {
 public:
  SqliteSide(std::unique_ptr<StateLock> lock, std::unique_ptr<SqliteSession> session)
      : lock_(std::move(lock)), session_(std::move(session)) {}

  Result<std::vector<MovedTable>> Tables() override;
  Result<void> Begin() override { return session_->Execute("BEGIN"); }
  Result<void> Commit() override { return session_->Execute("COMMIT"); }
  Result<int> ReadPage(const MovedTable& table, const std::vector<MovedCell>& after, int limit,
                       const std::function<void(const Row&)>& visit) override;
  Result<void> Write(const MovedTable& table, JsonRows& rows) override;
  Result<MovedIds> LastIds() override;
  Result<void> SetLastIds(const MovedIds& ids) override;

 private:
  std::unique_ptr<StateLock> lock_;  // first in, last out
  std::unique_ptr<SqliteSession> session_;
};

Result<std::vector<MovedTable>> SqliteSide::Tables() {
  SqliteQuery query(*session_,
                    "SELECT t.name, c.name, c.type = 'INTEGER' FROM sqlite_schema AS t CROSS JOIN pragma_table_info(t.name) AS c "
                    "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'schema_migrations' ORDER BY t.name, c.name");
  std::vector<MovedTable> tables;
  while (true) {
    ORC_ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return tables;
    if (tables.empty() || tables.back().name != query.View(0)) tables.push_back({query.Text(0), {}, {}});
    tables.back().columns.push_back({query.Text(1), query.Int(2) != 0});
  }
}

Result<int> SqliteSide::ReadPage(const MovedTable& table, const std::vector<MovedCell>& after, int limit,
                                 const std::function<void(const Row&)>& visit) {
  std::string places;
  for (size_t i = 0; i < after.size(); ++i) places += i == 0 ? "?" : ", ?";
  const std::string where = after.empty() ? "" : " WHERE (" + KeyList(table) + ") > (" + places + ")";
  SqliteQuery query(*session_, "SELECT " + ColumnList(table) + " FROM " + table.name + where + " ORDER BY " + KeyList(table) + " LIMIT ?");
  for (const MovedCell& cell : after) cell.is_number ? query.Bind(cell.number) : query.Bind(std::string_view(cell.text));
  query.Bind(limit);
  for (int rows = 0;; ++rows) {
    ORC_ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return rows;
    visit(query);
  }
}

Result<void> SqliteSide::Write(const MovedTable& table, JsonRows& rows) {
  const std::string sql = "INSERT INTO " + table.name + " (" + ColumnList(table) + ") SELECT " + JsonColumns(table, "") +
                          " FROM (SELECT value AS v FROM json_each(?1) LIMIT -1)";
  ORC_RETURN_IF_ERROR(SqliteQuery(*session_, sql).Bind(rows.Finish()).Run());
  return {};
}

Result<MovedIds> SqliteSide::LastIds() {
  MovedIds ids;
  for (const auto& [table, id] : {std::pair("run_events", &ids.event), std::pair("run_logs", &ids.log)}) {
    SqliteQuery query(*session_, "SELECT seq FROM sqlite_sequence WHERE name = ?1");
    ORC_ASSIGN_OR_RETURN(const bool found, query.Bind(std::string_view(table)).Next());
    if (found) *id = query.Int(0);
  }
  return ids;
}

Result<void> SqliteSide::SetLastIds(const MovedIds& ids) {
  ORC_RETURN_IF_ERROR(session_->Execute("DELETE FROM sqlite_sequence WHERE name IN ('run_events', 'run_logs')"));
  SqliteQuery insert(*session_, "INSERT INTO sqlite_sequence (name, seq) VALUES ('run_events', ?1), ('run_logs', ?2)");
  ORC_RETURN_IF_ERROR(insert.Bind(ids.event).Bind(ids.log).Run());
  return {};
}

}  // namespace

Result<std::unique_ptr<MoveSide>> OpenSqliteSide(const std::string& file, bool is_source) {
  std::error_code fault;
  if (is_source && !std::filesystem::exists(file, fault)) {
    return Error{ErrorCode::kUnavailable, "there is no SQLite database " + file + " to move from"};
  }
  // Opening it as the server does makes the file and its tables, and refuses what is none.
  if (!is_source) ORC_RETURN_IF_ERROR(OpenSqliteStore(file));
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<StateLock> lock, StateLock::Take(file));
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> session, SqliteSession::Open(file));
  ORC_ASSIGN_OR_RETURN(const std::vector<AppliedMigration> applied, AppliedMigrations(*session));
  Result<size_t> known = CheckLedger(applied, KnownMigrations());
  if (known.ok() && *known < KnownMigrations().size()) {
    known = Error{ErrorCode::kUnavailable, "its schema is older than this release; run orchestrator migrate on it first"};
  }
  if (!known.ok()) return Error{known.error().code, "cannot use the database " + file + ": " + known.error().message};
  return std::unique_ptr<MoveSide>(std::make_unique<SqliteSide>(std::move(lock), std::move(session)));
}

}  // namespace orc
