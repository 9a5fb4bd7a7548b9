#include "store/postgres_pool.h"

#include <algorithm>
#include <chrono>

namespace orc {
namespace {

constexpr int64_t kFirstWaitUs = 50'000;
constexpr int64_t kLongestWaitUs = 1'000'000;

}  // namespace

Result<void> PostgresOutage::BeginAttempt() {
  const std::lock_guard lock(mutex_);
  if (!trouble_) return {};
  const int64_t now_us = clock_.SteadyUs();
  if (now_us < next_us_) return *trouble_;
  // Whoever comes while this attempt goes on does not make another one.
  next_us_ = now_us + kLongestWaitUs;
  return {};
}

void PostgresOutage::EndAttempt(const Result<void>& result) {
  const std::lock_guard lock(mutex_);
  if (result.ok()) {
    trouble_.reset();
    wait_us_ = 0;
    return;
  }
  trouble_ = result.error();
  wait_us_ = std::clamp(wait_us_ * 2, kFirstWaitUs, kLongestWaitUs);
  next_us_ = clock_.SteadyUs() + wait_us_;
}

Result<void> PostgresOutage::Connect(PostgresSession& session, const PostgresOptions& options) {
  ORC_RETURN_IF_ERROR(BeginAttempt());
  Result<void> result = session.Connect();
  if (result.ok()) result = SetUpSession(session, options);
  EndAttempt(result);
  return result;
}

PostgresPool::PostgresPool(const PostgresOptions& options, size_t most, PostgresOutage& outage)
    : options_(options), most_(most), outage_(outage) {}

Result<std::unique_ptr<PostgresSession>> PostgresPool::Take() {
  std::unique_lock lock(mutex_);
  const auto longest = std::chrono::milliseconds(options_.connect_timeout_ms);
  if (!returned_.wait_for(lock, longest, [this] { return !idle_.empty() || open_ < most_; })) {
    return Error{ErrorCode::kUnavailable, "all " + std::to_string(most_) + " sessions that read the database have been busy for " +
                                              std::to_string(longest.count()) + " ms; raise database.pool_size if that lasts"};
  }
  if (idle_.empty()) {
    ++open_;
    return std::make_unique<PostgresSession>(ConninfoOf(options_), options_.statement_timeout_ms + kAnswerGraceMs);
  }
  // The one used last: its statements are prepared.
  std::unique_ptr<PostgresSession> session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

void PostgresPool::GiveBack(std::unique_ptr<PostgresSession> session) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
  returned_.notify_one();
}

Result<std::vector<PostgresAnswer>> PostgresPool::Try(PostgresSession& session, std::span<const PostgresQuery> queries) {
  if (!session.IsIdle()) ORC_RETURN_IF_ERROR(outage_.Connect(session, options_));
  for (const PostgresQuery& query : queries) ORC_RETURN_IF_ERROR(session.Send(query));
  return session.Collect();
}

Result<std::vector<PostgresAnswer>> PostgresPool::AskInTurn(std::span<const PostgresQuery> queries) {
  ORC_ASSIGN_OR_RETURN(std::unique_ptr<PostgresSession> session, Take());
  auto answers = Try(*session, queries);
  // A server that was restarted ended all its sessions, and each notices at its first use.
  if (!answers.ok() && session->was_cut()) answers = Try(*session, queries);
  // What made the server refuse (it became read-only, it forgot a statement) may be another one's matter: the next use looks anew.
  if (!answers.ok() && answers.error().code == ErrorCode::kUnavailable) session->Abandon();
  session->Rollback();
  GiveBack(std::move(session));
  return answers;
}

Result<PostgresAnswer> PostgresPool::Ask(const PostgresQuery& query) {
  ORC_ASSIGN_OR_RETURN(std::vector<PostgresAnswer> answers, AskInTurn({&query, 1}));
  return std::move(answers.front());
}

Result<std::vector<PostgresAnswer>> PostgresPool::AskAtOnce(std::span<const PostgresQuery> queries) {
  std::vector<PostgresQuery> together;
  together.reserve(queries.size() + 2);
  together.emplace_back("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  together.insert(together.end(), queries.begin(), queries.end());
  together.emplace_back("COMMIT");
  ORC_ASSIGN_OR_RETURN(std::vector<PostgresAnswer> answers, AskInTurn(together));
  answers.erase(answers.begin());
  answers.pop_back();
  return answers;
}

}  // namespace orc
