#include "store/sqlite_errors.h"

#include <sqlite3.h>

#include <system_error>

namespace orc {
namespace {

ErrorCode CodeOf(int code) {
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
    return ErrorCode::kConflict;
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return ErrorCode::kInvalid;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOLFS:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kInternal;
  }
}

/// What to do about it, for the causes that somebody can mend.
const char* AdviceFor(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "; free some room on the disk that holds the state folder: work goes on by itself then";
    case SQLITE_READONLY:
      return "; make the database and its folder writable for this user";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged: restore it from a backup";
    default:
      return "";
  }
}

}  // namespace

Error SqliteError(sqlite3* handle, int code) {
  int extended = sqlite3_extended_errcode(handle);
  // The handle may have moved on; its words are only right when they are about this very failure.
  bool same = (extended & 0xff) == (code & 0xff);
  std::string message = std::string("SQLite: ") + (same ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  message += " (" + std::to_string(same ? extended : code);
  bool of_system = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  int system = same && of_system ? sqlite3_system_errno(handle) : 0;
  if (system != 0) message += ", " + std::generic_category().message(system);
  message += ")";
  return Error{CodeOf(same ? extended : code), message + AdviceFor(code)};
}

}  // namespace orc
