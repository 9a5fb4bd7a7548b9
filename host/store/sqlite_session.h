// One connection to an SQLite file, opened by Poco, with statements that are prepared once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "store/row.h"

struct sqlite3;
struct sqlite3_stmt;
namespace Poco::Data {
class Session;
}

namespace orc {

/// Used by one thread at a time.
///
/// Poco opens and closes the connection; statements run on its sqlite3 handle directly. Poco's Statement reads NULL as 0 and cuts text
/// at a NUL; and to look up a row by its key it takes 14–17 µs when reused (16–18 µs when not), where a kept sqlite3_stmt takes 7 µs
/// (measured, -O2).
class SqliteSession {
 public:
  /// Opens `file`, which must exist. The error names the file.
  static Result<std::unique_ptr<SqliteSession>> Open(const std::string& file);
  ~SqliteSession();

  /// The statement for `sql`, prepared at the first use. `sql` is one of a fixed set of texts: they are kept as long as the session.
  Result<sqlite3_stmt*> Prepare(std::string_view sql);
  /// Runs a script of statements that give no rows.
  Result<void> Execute(const std::string& script);
  /// The first column of the first row as text; "" when there is none.
  Result<std::string> Ask(const std::string& sql);
  /// An error when the database or its write-ahead log is no longer the file of its name: what is written there would be gone at the end
  /// of the process. To be asked in a transaction; asks the file system (two stats).
  Result<void> CheckFilesInPlace();
  /// True between BEGIN and COMMIT or ROLLBACK.
  bool InTransaction() const;
  /// Ends a transaction if one is open, whatever state a failure left it in.
  void Rollback();

  sqlite3* handle() const { return handle_; }

 private:
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  SqliteSession() = default;

  std::unique_ptr<Poco::Data::Session> session_;
  sqlite3* handle_ = nullptr;
  uint64_t log_file_ = 0;  // the inode of the write-ahead log; 0 until it was looked for
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
};

/// One use of a prepared statement: bind, then step. Text that is bound must live until the query is gone, which resets the statement. As a
/// Row it is the one that Next() came to; its views are valid until the next Next().
class SqliteQuery final : public Row {
 public:
  SqliteQuery(SqliteSession& session, std::string_view sql);
  ~SqliteQuery() override;
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  SqliteQuery& Bind(std::string_view text);
  SqliteQuery& Bind(int64_t number);

  /// Steps on: true at a row, false at the end.
  Result<bool> Next();
  /// Steps to the end; gives how many rows were changed.
  Result<int64_t> Run();

  int64_t Int(int column) const override;
  std::string_view View(int column) const override;
  bool IsNull(int column) const override;

 private:
  SqliteSession& session_;
  sqlite3_stmt* statement_ = nullptr;
  Result<void> prepared_;
  void Note(int code);

  int bound_ = 0;
};

}  // namespace orc
