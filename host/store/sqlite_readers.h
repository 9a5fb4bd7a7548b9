// A few sessions that only read, handed out one caller at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/sqlite_session.h"

namespace orc {

/// Thread-safe. Sessions are opened when they are first needed and kept; with all of them out, the next caller waits.
class SqliteReaders {
 public:
  SqliteReaders(std::string file, size_t most) : file_(std::move(file)), most_(most) {}

  /// Gives its session back when it goes.
  class Lease {
   public:
    Lease(SqliteReaders& owner, std::unique_ptr<SqliteSession> session) : owner_(&owner), session_(std::move(session)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    SqliteSession& operator*() const { return *session_; }

   private:
    SqliteReaders* owner_;
    std::unique_ptr<SqliteSession> session_;
  };

  Result<Lease> Get();

 private:
  void GiveBack(std::unique_ptr<SqliteSession> session);
  Result<std::unique_ptr<SqliteSession>> OpenOne() const;

  const std::string file_;
  const size_t most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteSession>> idle_;
  size_t open_ = 0;
};

}  // namespace orc
