#include "store/postgres_session.h"

#include <Poco/Data/PostgreSQL/PostgreSQLException.h>
#include <Poco/Data/PostgreSQL/SessionHandle.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "base/clock.h"
#include "base/log.h"
#include "store/postgres_errors.h"

namespace orc {
namespace {

using Poco::Data::PostgreSQL::SessionHandle;

// libpq's buffer for what is to be sent never shrinks: no more than this waits in it, but for what one statement brings.
constexpr size_t kMostUnsentBytes = 1u << 20;

/// Poco's handle finishes only a connection that is good, and looks at it before. So one that broke is finished here, and its handle, which
/// must not look any more, is kept for good: some 250 bytes.
void Bury(std::unique_ptr<SessionHandle> handle) {
  static auto& buried = *new std::vector<std::unique_ptr<SessionHandle>>;
  static auto& mutex = *new std::mutex;
  PQfinish(*handle);
  const std::lock_guard lock(mutex);
  buried.push_back(std::move(handle));
}

}  // namespace

PostgresSession::PostgresSession(std::string conninfo, int64_t answer_timeout_ms)
    : conninfo_(std::move(conninfo)), answer_timeout_ms_(answer_timeout_ms) {}

PostgresSession::~PostgresSession() {
  if (handle_ && connection() != nullptr && PQstatus(connection()) != CONNECTION_OK) Bury(std::move(handle_));
}

PGconn* PostgresSession::connection() const { return handle_ ? static_cast<PGconn*>(*handle_) : nullptr; }

Result<void> PostgresSession::Connect() {
  is_broken_ = true;
  was_cut_ = false;
  unsent_bytes_ = 0;
  statements_.clear();
  pending_.clear();
  try {
    if (!handle_) handle_ = std::make_unique<SessionHandle>();
    // A second connect() would leave the first PGconn behind.
    connection() != nullptr ? static_cast<void>(handle_->reset()) : handle_->connect(conninfo_);
  } catch (const Poco::Exception&) {
    // The reason is in the PGconn.
  }
  if (connection() == nullptr || PQstatus(connection()) != CONNECTION_OK) return ConnectionError(connection(), "cannot connect");
  PQsetNoticeReceiver(
      connection(), [](void* session, const PGresult* notice) { static_cast<PostgresSession*>(session)->OnNotice(notice); }, this);
  if (PQsetnonblocking(connection(), 1) != 0 || PQenterPipelineMode(connection()) != 1) return Lost("cannot connect");
  is_broken_ = false;
  return {};
}

bool PostgresSession::IsConnected() const { return !is_broken_ && PQstatus(connection()) == CONNECTION_OK; }

bool PostgresSession::IsAlive() {
  // What an idle session has to read is a last word of the server and the end, or a notice.
  for (int looks = 0; looks < 4 && IsConnected(); ++looks) {
    pollfd socket = {PQsocket(connection()), POLLIN, 0};
    if (poll(&socket, 1, 0) <= 0) return true;
    if (PQconsumeInput(connection()) != 1) is_broken_ = true;
    PQfreemem(PQnotifies(connection()));  // parses it
  }
  return IsConnected();
}

void PostgresSession::OnNotice(const PGresult* notice) {
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  LogDebug("PostgreSQL says", {{"notice", text != nullptr ? text : ""}});
  // The last word of a session that is being ended; its socket may be open for a moment more.
  if (severity != nullptr && (severity == std::string_view("FATAL") || severity == std::string_view("PANIC"))) is_broken_ = was_cut_ = true;
}

bool PostgresSession::IsIdle() const { return IsConnected() && pending_.empty() && PQtransactionStatus(connection()) == PQTRANS_IDLE; }

Error PostgresSession::Lost(std::string_view what) {
  is_broken_ = was_cut_ = true;
  return ConnectionError(connection(), what);
}

Result<PostgresSession::Statement*> PostgresSession::Prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.emplace(sql, Statement{"s" + std::to_string(statements_.size())}).first;
  Statement& statement = found->second;
  if (statement.state != Statement::State::kUnknown) return &statement;
  if (PQsendPrepare(connection(), statement.name.c_str(), found->first.c_str(), 0, nullptr) != 1) return Lost("cannot send");
  statement.state = Statement::State::kSent;
  pending_.push_back(&statement);
  return &statement;
}

Result<void> PostgresSession::Send(const PostgresQuery& query) {
  if (!IsConnected()) return Error{ErrorCode::kUnavailable, "the connection to the database is lost"};
  ORC_ASSIGN_OR_RETURN(const Statement* statement, Prepare(query.sql()));
  const std::vector<const char*> values = query.Values();
  const int count = static_cast<int>(values.size());
  if (PQsendQueryPrepared(connection(), statement->name.c_str(), count, values.data(), nullptr, nullptr, 0) != 1)
    return Lost("cannot send");
  pending_.push_back(nullptr);
  for (const char* value : values) unsent_bytes_ += std::strlen(value);
  return unsent_bytes_ > kMostUnsentBytes ? Flush() : Result<void>();
}

Result<void> PostgresSession::Wait(bool to_write, int64_t deadline_us) {
  const int64_t left_ms = (deadline_us - SystemClock().SteadyUs()) / 1000;
  pollfd socket = {PQsocket(connection()), static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0};
  const int ready = left_ms > 0 ? poll(&socket, 1, static_cast<int>(left_ms)) : 0;
  if (ready < 0 && errno == EINTR) return {};
  if (ready <= 0) {
    is_broken_ = true;
    return Error{ErrorCode::kUnavailable,
                 "the database has not answered for " + std::to_string(answer_timeout_ms_ / 1000) + " s: the connection is given up"};
  }
  // A server that is not read from stops reading.
  if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(connection()) != 1) return Lost("the connection to the database broke");
  return {};
}

Result<void> PostgresSession::Flush() {
  const int64_t deadline_us = SystemClock().SteadyUs() + answer_timeout_ms_ * 1000;
  while (true) {
    const int left = PQflush(connection());
    if (left < 0) return Lost("the connection to the database broke");
    if (left == 0) break;
    ORC_RETURN_IF_ERROR(Wait(true, deadline_us));
  }
  unsent_bytes_ = 0;
  return {};
}

Result<PostgresResult> PostgresSession::NextResult() {
  const int64_t deadline_us = SystemClock().SteadyUs() + answer_timeout_ms_ * 1000;
  while (PQisBusy(connection()) == 1) ORC_RETURN_IF_ERROR(Wait(false, deadline_us));
  return PostgresResult(PQgetResult(connection()));
}

Result<std::vector<PostgresAnswer>> PostgresSession::ReadAnswers() {
  std::vector<PostgresAnswer> answers;
  std::optional<Error> fault;
  for (Statement* prepared : pending_) {
    if (prepared != nullptr) prepared->state = Statement::State::kUnknown;
    while (true) {
      Result<PostgresResult> result = NextResult();
      if (!result.ok()) return fault ? *fault : std::move(result).error();
      if (*result == nullptr) break;
      const ExecStatusType status = PQresultStatus(result->get());
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        if (prepared != nullptr) {
          prepared->state = Statement::State::kReady;
        } else {
          answers.emplace_back(std::move(result).value());
        }
      } else if (status != PGRES_PIPELINE_ABORTED && !fault) {
        was_transient_ = IsTransient(result->get());
        fault = PostgresError(result->get());
      }
    }
    if (PQstatus(connection()) != CONNECTION_OK) return fault ? *fault : Lost("the connection to the database broke");
  }
  ORC_ASSIGN_OR_RETURN(const PostgresResult sync, NextResult());
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) return Lost("the database answers out of order");
  if (fault) return *std::move(fault);
  return answers;
}

Result<std::vector<PostgresAnswer>> PostgresSession::Collect() {
  if (!IsConnected()) return Error{ErrorCode::kUnavailable, "the connection to the database is lost"};
  was_transient_ = false;
  if (PQpipelineSync(connection()) != 1) return Lost("cannot send");
  ORC_RETURN_IF_ERROR(Flush());
  auto answers = ReadAnswers();
  pending_.clear();
  if (PQstatus(connection()) != CONNECTION_OK) is_broken_ = was_cut_ = true;
  return answers;
}

Result<PostgresAnswer> PostgresSession::Ask(const PostgresQuery& query) {
  ORC_RETURN_IF_ERROR(Send(query));
  ORC_ASSIGN_OR_RETURN(std::vector<PostgresAnswer> answers, Collect());
  return std::move(answers.front());
}

Result<PostgresAnswer> PostgresSession::Execute(const std::string& script) {
  if (!IsConnected()) return Error{ErrorCode::kUnavailable, "the connection to the database is lost"};
  if (PQexitPipelineMode(connection()) != 1 || PQsendQuery(connection(), script.c_str()) != 1) return Lost("cannot send");
  ORC_RETURN_IF_ERROR(Flush());
  std::optional<Error> fault;
  PostgresResult last;
  while (true) {
    ORC_ASSIGN_OR_RETURN(PostgresResult result, NextResult());
    if (result == nullptr) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY && !fault)
      fault = PostgresError(result.get());
    last = std::move(result);
  }
  if (PQstatus(connection()) != CONNECTION_OK || PQenterPipelineMode(connection()) != 1) is_broken_ = true;
  if (fault) return *std::move(fault);
  return PostgresAnswer(std::move(last));
}

void PostgresSession::Rollback() {
  if (!IsConnected() || PQtransactionStatus(connection()) == PQTRANS_IDLE) return;
  const Result<PostgresAnswer> done = Execute("ROLLBACK");
  if (!done.ok()) is_broken_ = true;
}

}  // namespace orc
