// Servers that restart, sessions that are ended, locks that are held: the promises of the PostgreSQL store under trouble.
#include <libpq-fe.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "store/postgres_setup.h"
#include "store/postgres_sql.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

Change RunWithEvent(const std::string& id) {
  Change change = NewRun(MakeRun(id));
  change.steps = {MakeStep(id, 0)};
  change.events = {MakeEvent(id, 1)};
  return change;
}

/// The first true answer; fails the test after half a minute.
template <typename Condition>
void WaitUntil(Condition condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "it did not come true";
}

/// A store in a schema of its own, and a session beside it that does as it is told.
class PostgresTroubleTest : public ::testing::Test {
 protected:
  void Open(int64_t statement_timeout_ms = 30'000, size_t pool_size = 4) {
    options_ = PostgresOptionsFor(server_);
    options_.statement_timeout_ms = statement_timeout_ms;
    options_.pool_size = pool_size;
    options_.connect_timeout_ms = 2'000;
    store_ = Must(OpenPostgresStore(options_, TestClock()));
    other_ = std::make_unique<PostgresSession>(ConninfoOf(options_), 60'000);
    ASSERT_OK(other_->Connect());
  }
  void Tell(const std::string& sql) { ASSERT_OK(other_->Execute(sql)); }
  std::string Ask(const std::string& sql) {
    const PostgresAnswer answer = Must(other_->Execute(sql));
    return answer.empty() ? "" : answer.first().Text(0);
  }
  /// "pid" of the store's session that is in the middle of such a statement, "" when there is none.
  std::string BusyWith(const std::string& words) {
    // Asked from outside of any transaction: inside of one, the view stays as it was at the first look.
    return server_.Run(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'orchestrator' AND wait_event IS NOT NULL AND state = 'active' "
        "AND query LIKE '%" +
        words + "%'");
  }
  void WaitUntilBusyWith(const std::string& words) {
    WaitUntil([&] { return !BusyWith(words).empty(); });
  }
  void EndSessionBusyWith(const std::string& words) {
    WaitUntilBusyWith(words);
    server_.Run("SELECT pg_terminate_backend(" + BusyWith(words) + ")");
  }

  PostgresServer& server_ = PostgresServer::Shared();
  PostgresOptions options_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<PostgresSession> other_;
};

TEST_F(PostgresTroubleTest, SessionsThatWereEndedWhileTheyWereIdleAreNotNoticed) {
  Open();
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  ASSERT_OK(store_->GetRun("run_1"));
  for (int round = 0; round < 3; ++round) {
    Tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orchestrator' AND pid <> pg_backend_pid()");
    WaitUntil([&] { return Ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'orchestrator'") == "1"; });
    EXPECT_OK(CommitAll(*store_, {RunWithEvent("run_1" + std::to_string(round))}));
    EXPECT_OK(store_->GetRun("run_1"));
    EXPECT_OK(store_->LastEventId());
  }
}

TEST_F(PostgresTroubleTest, ASessionThatIsEndedInsideACommitWritesNothing) {
  Open();
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  Tell("BEGIN; LOCK TABLE run_events IN EXCLUSIVE MODE");
  Result<void> cut;
  std::thread committer([&] { cut = CommitAll(*store_, {RunWithEvent("run_2"), RunWithEvent("run_3")}); });
  EndSessionBusyWith("INSERT INTO run_events");
  committer.join();
  Tell("COMMIT");
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable) << cut.error().message;
  EXPECT_FAILS(store_->GetRun("run_2"), ErrorCode::kNotFound);
  EXPECT_EQ(Must(store_->ReadEvents("", 0, 10)).size(), 1u);
  EXPECT_OK(CommitAll(*store_, {RunWithEvent("run_2"), RunWithEvent("run_3")}));
  EXPECT_EQ(Must(store_->ReadEvents("", 0, 10)).size(), 3u);
}

TEST_F(PostgresTroubleTest, ACommitWhoseAnswerIsLostIsCalledUnavailableThoughItIsWritten) {
  Open();
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  // The commit is on the disk, and waits for a standby that there is not.
  server_.Run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  server_.Run("SELECT pg_reload_conf()");
  WaitUntil([&] { return Ask("SHOW synchronous_standby_names") == "nobody"; });
  Result<void> cut;
  std::thread committer([&] { cut = CommitAll(*store_, {RunWithEvent("run_2")}); });
  EndSessionBusyWith("COMMIT");
  committer.join();
  server_.Run("ALTER SYSTEM RESET synchronous_standby_names");
  server_.Run("SELECT pg_reload_conf()");
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable) << cut.error().message;
  EXPECT_OK(store_->GetRun("run_2"));
  EXPECT_FAILS(CommitAll(*store_, {RunWithEvent("run_2")}), ErrorCode::kConflict);
}

TEST_F(PostgresTroubleTest, AStatementThatTakesTooLongIsGivenUp) {
  Open(300);
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  Tell("BEGIN; LOCK TABLE run_events");
  const Result<void> slow = CommitAll(*store_, {RunWithEvent("run_2")});
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(slow.error().message.find("database.statement_timeout"), std::string::npos) << slow.error().message;
  EXPECT_FAILS(store_->ReadEvents("run_1", 0, 10), ErrorCode::kUnavailable);
  Tell("COMMIT");
  EXPECT_OK(CommitAll(*store_, {RunWithEvent("run_2")}));
  EXPECT_EQ(Must(store_->ReadEvents("run_2", 0, 10)).size(), 1u);
}

TEST_F(PostgresTroubleTest, AServerThatFallsSilentIsGivenUp) {
  Open(1);  // and five seconds more
  const std::string pid =
      Ask("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1869767539 AND objid = "
          "quote_ident(current_schema())::regnamespace::oid");
  kill(std::stoi(pid), SIGSTOP);
  const Result<void> mute = CommitAll(*store_, {RunWithEvent("run_1")});
  kill(std::stoi(pid), SIGCONT);
  ASSERT_FALSE(mute.ok());
  EXPECT_EQ(mute.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(mute.error().message.find("has not answered"), std::string::npos) << mute.error().message;
}

TEST_F(PostgresTroubleTest, OneReaderTooManyIsToldSo) {
  Open(30'000, 2);
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  Tell("BEGIN; LOCK TABLE runs");
  Result<orc::Run> first = Error{};
  std::thread reader([&] { first = store_->GetRun("run_1"); });
  WaitUntilBusyWith("origin, limit_key, schedule_id FROM runs");
  const Result<int64_t> second = store_->GetHookCursor("h");
  Tell("COMMIT");
  reader.join();
  EXPECT_OK(first);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find("database.pool_size"), std::string::npos) << second.error().message;
  EXPECT_OK(store_->GetHookCursor("h"));
}

TEST_F(PostgresTroubleTest, ADeadlockIsTriedAgain) {
  Open();
  Change both;
  both.new_runs = {MakeRun("run_1"), MakeRun("run_2")};
  ASSERT_OK(CommitAll(*store_, {both}));
  Tell("SET deadlock_timeout = '10s'; BEGIN; SELECT 1 FROM run_events; LOCK TABLE run_events IN EXCLUSIVE MODE");
  Change change = Update(MakeUpdate(MakeRun("run_1"), RunStatus::kFailed));
  change.events = {MakeEvent("run_1", 1)};
  Result<void> committed;
  std::thread committer([&] { committed = CommitAll(*store_, {change}); });
  WaitUntilBusyWith("INSERT INTO run_events");
  // Now each waits for the other; the store's session looks for deadlocks first, and is the one that is rolled back.
  Tell("UPDATE runs SET updated_us = 7 WHERE id = 'run_1'; COMMIT");
  committer.join();
  EXPECT_OK(committed);
  EXPECT_EQ(Must(store_->GetRunProgress("run_1")).status, RunStatus::kFailed);
  EXPECT_EQ(Must(store_->ReadEvents("", 0, 10)).size(), 1u);
}

// What another host's writer would do: ids are drawn in one order and committed in the other.
TEST_F(PostgresTroubleTest, ReadersOfAllRunsPassOverNoEvent) {
  Open();
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_1")}));
  const int64_t seen = Must(store_->LastEventId());
  Tell("BEGIN");
  Tell(std::string(kHoldHistoryIds));
  Tell(
      "INSERT INTO run_events (run_id, workflow_id, number, at_us, type, step, item, payload) VALUES ('run_0', 'wf', 1, 1, 't', 0, 0, '')");
  ASSERT_OK(CommitAll(*store_, {RunWithEvent("run_2")}));
  EXPECT_TRUE(Must(store_->ReadEvents("", seen, 10)).empty()) << "a reader that took run_2's event now would never see run_0's";
  EXPECT_EQ(Must(store_->LastEventId()), seen);
  EXPECT_EQ(Must(store_->ReadEvents("run_2", 0, 10)).size(), 1u) << "the run's own are in order";
  Tell("COMMIT");
  const std::vector<EventRow> all = Must(store_->ReadEvents("", seen, 10));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].run_id + all[1].run_id, "run_0run_2");
  EXPECT_EQ(Must(store_->LastEventId()), all[1].id);
}

TEST_F(PostgresTroubleTest, FiveThousandChangesAreOneCommit) {
  Open();
  std::vector<Change> changes;
  for (int i = 0; i < 5000; ++i) changes.push_back(RunWithEvent("run_" + std::to_string(10'000 + i)));
  changes.push_back(Update(MakeUpdate(MakeRun("run_none"), RunStatus::kFailed)));
  EXPECT_FAILS(CommitAll(*store_, changes), ErrorCode::kNotFound);
  EXPECT_EQ(Must(store_->ListActiveRuns("", 10)).size(), 0u);
  changes.pop_back();
  ASSERT_OK(CommitAll(*store_, changes));
  EXPECT_EQ(Must(store_->CountLiveRuns("wf_1")), 5000);
  EXPECT_EQ(Must(store_->ReadEvents("", 0, 10'000)).size(), 5000u);
}

/// These stop and start a server, which must not be everybody's.
class PostgresRestartTest : public ::testing::Test {
 protected:
  PostgresServer server_;
};

TEST_F(PostgresRestartTest, WhatWasAcknowledgedSurvivesImmediateRestarts) {
  PostgresOptions options = PostgresOptionsFor(server_);
  options.connect_timeout_ms = 5'000;
  std::unique_ptr<Store> store = Must(OpenPostgresStore(options, TestClock()));
  std::atomic<bool> done{false};
  std::atomic<int> landed{0};
  std::vector<std::string> acknowledged, unknown, lost, unread;
  std::thread committer([&] {
    for (int number = 0; !done; ++number) {
      const std::string id = "run_" + std::to_string(number);
      const Result<void> result = CommitAll(*store, {RunWithEvent(id)});
      (result.ok() ? acknowledged : unknown).push_back(id);
      if (result.ok()) ++landed;
      if (!result.ok()) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // or it would try a hundred thousand times
      if (!result.ok() && result.error().code != ErrorCode::kUnavailable) lost.push_back(id + ": " + result.error().message);
    }
  });
  std::thread reader([&] {
    while (!done) {
      const Result<orc::Run> run = store->GetRun("run_0");
      if (!run.ok() && run.error().code == ErrorCode::kInternal) unread.push_back(run.error().message);
      if (!run.ok()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int round = 0; round < 4; ++round) {
    const int before = landed;
    WaitUntil([&] { return landed > before + 50; });
    server_.Restart(PostgresServer::How::kImmediate);
  }
  const int before = landed;
  WaitUntil([&] { return landed > before + 10; });
  done = true;
  committer.join();
  reader.join();
  EXPECT_EQ(lost, std::vector<std::string>());
  EXPECT_EQ(unread, std::vector<std::string>());
  EXPECT_FALSE(unknown.empty());
  for (const std::string& id : acknowledged) EXPECT_OK(store->GetRun(id));
  size_t written = acknowledged.size();
  for (const std::string& id : unknown) written += store->GetRun(id).ok() ? 1 : 0;
  EXPECT_EQ(Must(store->ReadEvents("", 0, 1'000'000)).size(), written) << "each run with its event, whole or not at all";
}

TEST_F(PostgresRestartTest, AServerThatIsAwayIsSaidAtOnce) {
  PostgresOptions options = PostgresOptionsFor(server_);
  std::unique_ptr<Store> store = Must(OpenPostgresStore(options, TestClock()));
  ASSERT_OK(CommitAll(*store, {RunWithEvent("run_1")}));
  server_.Stop(PostgresServer::How::kFast);
  for (int i = 0; i < 200; ++i) {
    EXPECT_FAILS(CommitAll(*store, {RunWithEvent("run_2")}), ErrorCode::kUnavailable);
    const Result<orc::Run> read = store->GetRun("run_1");
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().message.find("start PostgreSQL there"), std::string::npos) << read.error().message;
  }
  server_.Start();
  WaitUntil([&] { return CommitAll(*store, {RunWithEvent("run_2")}).ok(); });
  EXPECT_OK(store->GetRun("run_2"));
}

TEST_F(PostgresRestartTest, AReadOnlyServerIsRefusedAndComesBack) {
  const PostgresOptions options = PostgresOptionsFor(server_);
  std::unique_ptr<Store> store = Must(OpenPostgresStore(options, TestClock()));
  ASSERT_OK(CommitAll(*store, {RunWithEvent("run_1")}));
  server_.Run("ALTER SYSTEM SET default_transaction_read_only = on");
  server_.Run("SELECT pg_reload_conf()");
  WaitUntil([&] {
    return !CommitAll(*store, {Update(MakeUpdate(MakeRun("run_none"), RunStatus::kFailed))}).ok() &&
           server_.Run("SHOW default_transaction_read_only") == "on";
  });
  EXPECT_FAILS(CommitAll(*store, {RunWithEvent("run_2")}), ErrorCode::kUnavailable);
  const Result<void> refused = CommitAll(*store, {RunWithEvent("run_2")});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("read-only"), std::string::npos) << refused.error().message;
  server_.Run("ALTER SYSTEM RESET default_transaction_read_only");
  server_.Run("SELECT pg_reload_conf()");
  WaitUntil([&] { return CommitAll(*store, {RunWithEvent("run_2")}).ok(); });
}

}  // namespace
}  // namespace orc::test
