// One connection to a PostgreSQL server, opened by Poco, with statements that are prepared once and sent in pipelines.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "store/postgres_query.h"

struct pg_conn;
namespace Poco::Data::PostgreSQL {
class SessionHandle;
}

namespace orc {

/// Used by one thread at a time. Made unconnected; after an error it may have lost its connection, and Connect makes it good again.
///
/// Poco opens the connection; statements run on its PGconn directly. Poco's Statement reads NULL as 0, cuts text at a NUL, tells no
/// SQLSTATE and waits for each statement's answer. Its Session splits the connection string at spaces, and loses the PGconn of every
/// failed attempt: hence its SessionHandle, which is kept and reset.
class PostgresSession {
 public:
  /// `conninfo` as libpq reads it; `answer_timeout_ms` is the longest silence of the server before it is given up.
  PostgresSession(std::string conninfo, int64_t answer_timeout_ms);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  /// Connects, whatever there was before. Blocks for connect_timeout per address at most.
  Result<void> Connect();
  /// False when the connection is lost as far as is known.
  bool IsConnected() const;
  /// Asks the socket too, without waiting: a server that ended the session while it was idle is noticed.
  bool IsAlive();
  /// Outside of a transaction, with nothing left to be answered.
  bool IsIdle() const;

  /// Puts a statement into the pipeline; it goes out as the socket takes it.
  Result<void> Send(const PostgresQuery& query);
  /// Waits for the answers of all that was sent since the last time, in order. The first error, if there is one: the server passed over
  /// every statement behind it.
  Result<std::vector<PostgresAnswer>> Collect();
  /// Both for one statement.
  Result<PostgresAnswer> Ask(const PostgresQuery& query);
  /// Runs a script of several statements; gives the answer of the last.
  Result<PostgresAnswer> Execute(const std::string& script);
  /// Ends a transaction that an error left open.
  void Rollback();
  /// Makes the next use connect anew.
  void Abandon() { is_broken_ = true; }

  /// True when the server ended the connection, false when it fell silent and was given up.
  bool was_cut() const { return was_cut_; }
  /// True when the last error says that the same transaction may be tried again at once.
  bool was_transient() const { return was_transient_; }
  pg_conn* connection() const;

 private:
  struct Statement {
    enum class State : uint8_t { kUnknown, kSent, kReady };
    std::string name = {};
    State state = State::kUnknown;  // to the server
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  Result<Statement*> Prepare(std::string_view sql);
  Result<PostgresResult> NextResult();
  Result<void> Flush();
  Result<void> Wait(bool to_write, int64_t deadline_us);
  Result<std::vector<PostgresAnswer>> ReadAnswers();
  Error Lost(std::string_view what);
  void OnNotice(const pg_result* notice);

  const std::string conninfo_;
  const int64_t answer_timeout_ms_;
  std::unique_ptr<Poco::Data::PostgreSQL::SessionHandle> handle_;
  bool is_broken_ = true;
  bool was_transient_ = false;
  bool was_cut_ = false;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;  // by their SQL
  std::vector<Statement*> pending_;  // what will be answered: a statement that is being prepared, or nullptr for one that runs
  size_t unsent_bytes_ = 0;
};

}  // namespace orc
