#include "store/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "store/migrations.h"
#include "store/sqlite_store_impl.h"

namespace orc {
namespace {

constexpr size_t kReaders = 4;
constexpr std::string_view kMagic("SQLite format 3\0", 16);

// A checkpoint costs three fsyncs and copies pages: 4000 pages (16 MiB of log) make that rare, and still bound what a restart reads.
// No secure deletion (Debian's default is on): overwriting what is dropped writes pages for nothing. Foreign keys are not used: every
// change names all the rows it touches, and a look-up per row would be paid for at each step.
constexpr const char* kWriterSettings =
    "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -2048; "
    "PRAGMA secure_delete = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;";

Error Unusable(const std::string& file, const std::string& why) {
  return Error{ErrorCode::kUnavailable, "cannot use the database " + file + ": " + why};
}

Error UnusableBySystem(const std::string& file, int error, const std::string& advice) {
  return Unusable(file, std::generic_category().message(error) + advice);
}

/// Makes the file if there is none (readable by its owner only; SQLite gives the log beside it the same mode), and looks whether it can
/// be one of ours, because SQLite would open a read-only file without a word and fail at the first commit.
Result<void> CheckFile(const std::string& file) {
  int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    int error = errno;
    bool read_only = error == EACCES || error == EROFS || error == EPERM;
    return UnusableBySystem(file, error,
                            read_only ? "; it must be writable for this user (chown or chmod it, or name another state folder)" : "");
  }
  struct stat status = {};
  char head[16] = {};
  bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  ssize_t size = regular ? pread(descriptor, head, sizeof head, 0) : 0;
  // Closed before SQLite opens the file: closing any descriptor of it later would drop SQLite's POSIX locks.
  close(descriptor);
  if (!regular) return Unusable(file, "it is not a regular file");
  if (size < 0) return Unusable(file, "it can't be read");
  if (size > 0 && std::string_view(head, static_cast<size_t>(size)) != kMagic) {
    return Unusable(file, "it is not an SQLite database; move it away or name another file or state folder");
  }
  return {};
}

Result<void> Prepare(SqliteSession& session, std::span<const Migration> known) {
  ORC_ASSIGN_OR_RETURN(std::string mode, session.Ask("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return Error{ErrorCode::kUnavailable,
                 "its file system does not support the write-ahead log (shared memory); put the state folder on a "
                 "local disk"};
  }
  ORC_RETURN_IF_ERROR(session.Execute(kWriterSettings));
  return Migrate(session, known);
}

Result<std::unique_ptr<SqliteSession>> OpenWriter(const std::string& file, std::span<const Migration> known) {
  ORC_RETURN_IF_ERROR(CheckFile(file));
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> writer, SqliteSession::Open(file));
  const Result<void> prepared = Prepare(*writer, known);
  if (!prepared.ok()) return Error{prepared.error().code, "cannot use the database " + file + ": " + prepared.error().message};
  return writer;
}

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file) {
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<StateLock> lock, StateLock::Take(file));
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> writer, OpenWriter(file, KnownMigrations()));
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(lock), std::move(writer), file, kReaders));
}

Result<void> MigrateSqliteFile(const std::string& file, std::span<const Migration> known) {
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<StateLock> lock, StateLock::Take(file));
  ORC_RETURN_IF_ERROR(OpenWriter(file, known));
  return {};
}

}  // namespace orc
