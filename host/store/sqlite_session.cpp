#include "store/sqlite_session.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/URI.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <mutex>

#include "store/sqlite_errors.h"

namespace orc {
namespace {

constexpr size_t kOpenTimeoutSeconds = 10;

void RegisterOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Its counters cost a lock at every allocation, and nobody reads them. Refused, without harm, if SQLite runs already.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Poco::Data::SQLite::Connector::registerConnector();
  });
}

/// SQLite's name for a file that must exist: opened by its plain name, one that was taken away would be made anew, and empty.
std::string ExistingFile(const std::string& file) {
  std::string uri = file.starts_with('/') ? "file://" : "file:";
  Poco::URI::encode(file, "?#%", uri);
  return uri + "?mode=rw";
}

/// Which file has this name now; 0 when none has.
ino_t FileNamed(const char* name) {
  struct stat status = {};
  return stat(name, &status) == 0 ? status.st_ino : 0;
}

}  // namespace

Result<std::unique_ptr<SqliteSession>> SqliteSession::Open(const std::string& file) {
  RegisterOnce();
  // Poco would try for the whole time-out.
  if (FileNamed(file.c_str()) == 0) return Error{ErrorCode::kUnavailable, "the database " + file + " is not there any more: put it back"};
  std::unique_ptr<SqliteSession> session(new SqliteSession);
  try {
    session->session_ = std::make_unique<Poco::Data::Session>("SQLite", ExistingFile(file), kOpenTimeoutSeconds);
    session->handle_ = Poco::Data::SQLite::Utility::dbHandle(*session->session_);
  } catch (const Poco::Exception& e) {
    return Error{ErrorCode::kUnavailable, "cannot open the database " + file + ": " + e.displayText()};
  }
  sqlite3_extended_result_codes(session->handle_, 1);
  return session;
}

SqliteSession::~SqliteSession() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  try {
    if (session_) session_->close();
  } catch (const Poco::Exception&) {
    // Nothing is lost: what was committed is in the write-ahead log.
  }
}

Result<sqlite3_stmt*> SqliteSession::Prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return SqliteError(handle_, code);
  statements_.emplace(sql, statement);
  return statement;
}

Result<void> SqliteSession::Execute(const std::string& script) {
  int code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return SqliteError(handle_, code);
  return {};
}

Result<std::string> SqliteSession::Ask(const std::string& sql) {
  SqliteQuery query(*this, sql);
  ORC_ASSIGN_OR_RETURN(bool found, query.Next());
  return found ? query.Text(0) : std::string();
}

Result<void> SqliteSession::CheckFilesInPlace() {
  const char* database = sqlite3_db_filename(handle_, "main");
  int moved = 0;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  // SQLite does not know this of its log, but the log keeps its name as long as somebody has the database open.
  const char* log = sqlite3_filename_wal(database);
  const ino_t log_now = FileNamed(log);
  if (log_file_ == 0) log_file_ = log_now;
  if (moved == 0 && log_now == log_file_) return {};
  return Error{ErrorCode::kUnavailable,
               std::string("the file ") + (moved != 0 ? database : log) +
                   " was removed, renamed or replaced under the running server: put it back, or restart the server "
                   "with what is there now"};
}

bool SqliteSession::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void SqliteSession::Rollback() {
  // Some failures (a full disk, an I/O error) roll back by themselves; a second ROLLBACK would then be an error.
  if (InTransaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

SqliteQuery::SqliteQuery(SqliteSession& session, std::string_view sql) : session_(session) {
  Result<sqlite3_stmt*> statement = session.Prepare(sql);
  if (statement.ok()) {
    statement_ = *statement;
  } else {
    prepared_ = statement.error();
  }
}

SqliteQuery::~SqliteQuery() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteQuery& SqliteQuery::Bind(std::string_view text) {
  // A null pointer would bind NULL.
  const char* bytes = text.data() ? text.data() : "";
  if (statement_) Note(sqlite3_bind_text64(statement_, ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

SqliteQuery& SqliteQuery::Bind(int64_t number) {
  if (statement_) Note(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

/// A parameter that can't be bound (a text over SQLite's limit) would stay NULL, and the statement would do nothing, in silence.
void SqliteQuery::Note(int code) {
  if (code != SQLITE_OK && prepared_.ok()) prepared_ = SqliteError(session_.handle(), code);
}

Result<bool> SqliteQuery::Next() {
  if (!prepared_.ok()) return prepared_.error();
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return SqliteError(session_.handle(), code);
}

Result<int64_t> SqliteQuery::Run() {
  while (true) {
    ORC_ASSIGN_OR_RETURN(bool row, Next());
    if (!row) return sqlite3_changes64(session_.handle());
  }
}

int64_t SqliteQuery::Int(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view SqliteQuery::View(int column) const {
  const void* text = sqlite3_column_text(statement_, column);  // before the length: that is of this form of the value
  int bytes = sqlite3_column_bytes(statement_, column);
  return text ? std::string_view(static_cast<const char*>(text), static_cast<size_t>(bytes)) : std::string_view();
}

bool SqliteQuery::IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

}  // namespace orc
