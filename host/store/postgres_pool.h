// The sessions that read: handed out one caller at a time, and made good again when they broke.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/postgres_setup.h"

namespace orc {

/// While a server is away: one attempt after another instead of everybody's at once. Thread-safe.
class PostgresOutage {
 public:
  explicit PostgresOutage(const Clock& clock) : clock_(clock) {}
  /// Connects and sets up `session`. While the last attempt failed a moment ago, its error is given again instead.
  Result<void> Connect(PostgresSession& session, const PostgresOptions& options);

 private:
  Result<void> BeginAttempt();
  void EndAttempt(const Result<void>& result);

  const Clock& clock_;
  std::mutex mutex_;
  std::optional<Error> trouble_;  // of the last attempt
  int64_t next_us_ = 0;           // steady
  int64_t wait_us_ = 0;
};

/// Thread-safe. Sessions are opened when they are first needed and kept; with all of them out, the next caller waits, for connect_timeout
/// at most. A session that broke, or came back inside a transaction, is connected anew before its next use.
class PostgresPool {
 public:
  /// What is given must outlive the pool.
  PostgresPool(const PostgresOptions& options, size_t most, PostgresOutage& outage);

  /// One read. It is asked once more, on a new connection, when the one it was sent on turned out to be lost.
  Result<PostgresAnswer> Ask(const PostgresQuery& query);
  /// Several in their order, in one round trip, each seeing what is committed when its turn comes.
  Result<std::vector<PostgresAnswer>> AskInTurn(std::span<const PostgresQuery> queries);
  /// Several in one round trip that all see the same moment.
  Result<std::vector<PostgresAnswer>> AskAtOnce(std::span<const PostgresQuery> queries);

 private:
  Result<std::unique_ptr<PostgresSession>> Take();
  void GiveBack(std::unique_ptr<PostgresSession> session);
  Result<std::vector<PostgresAnswer>> Try(PostgresSession& session, std::span<const PostgresQuery> queries);

  const PostgresOptions& options_;
  const size_t most_;
  PostgresOutage& outage_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<PostgresSession>> idle_;
  size_t open_ = 0;
};

}  // namespace orc
