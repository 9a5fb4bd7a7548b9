#include "store/sqlite_readers.h"

namespace orc {

SqliteReaders::Lease::~Lease() {
  if (session_) owner_->GiveBack(std::move(session_));
}

Result<SqliteReaders::Lease> SqliteReaders::Get() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || open_ < most_; });
    if (!idle_.empty()) {
      // The one used last: its pages and statements are warm, and those hardly needed stay cold.
      std::unique_ptr<SqliteSession> session = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(session));
    }
    ++open_;
  }
  Result<std::unique_ptr<SqliteSession>> opened = OpenOne();
  if (opened.ok()) return Lease(*this, std::move(*opened));
  std::lock_guard lock(mutex_);
  --open_;
  returned_.notify_one();
  return opened.error();
}

Result<std::unique_ptr<SqliteSession>> SqliteReaders::OpenOne() const {
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> session, SqliteSession::Open(file_));
  // query_only: a reader that could write would be a second writer.
  ORC_RETURN_IF_ERROR(session->Execute("PRAGMA cache_size = -512; PRAGMA query_only = 1;"));
  return session;
}

void SqliteReaders::GiveBack(std::unique_ptr<SqliteSession> session) {
  // A transaction left open would hold on to an old state of the database, and to the log behind it.
  session->Rollback();
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
  returned_.notify_one();
}

}  // namespace orc
