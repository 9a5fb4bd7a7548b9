// What the engine finds its work by: mail between runs, runs under a limit, runs that were kept long enough. On every store.
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using UpkeepTest = StoreTest;
ORC_EVERY_STORE(UpkeepTest);

std::string Shown(const std::vector<RunMail>& page) {
  std::string text;
  for (const RunMail& mail : page) {
    text += mail.from + ">" + mail.to + ":" + std::to_string(static_cast<int>(mail.kind)) + "/" + std::to_string(mail.attempt) + "@" +
            std::to_string(mail.step) + "." + std::to_string(mail.item) + " ";
  }
  return text;
}

TEST_P(UpkeepTest, MailIsKeptUntilItIsRead) {
  using Kind = RunMail::Kind;
  Change change;
  change.mail = {
      {"run_p", "run_c", Kind::kEnded, 3, 7, 1}, {"run_c", "run_p", Kind::kCancel, 0, -1, 1}, {"run_p", "run_c", Kind::kEnded, 3, 7, 2}};
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Shown(Must(store().ListMail(nullptr, 10))), "run_p>run_c:1/1@0.-1 run_c>run_p:0/1@3.7 run_c>run_p:0/2@3.7 ");
  const std::vector<RunMail> first = Must(store().ListMail(nullptr, 1));
  EXPECT_EQ(Shown(Must(store().ListMail(first.data(), 1))), "run_c>run_p:0/1@3.7 ");

  Change again;  // the same once more: replaced
  again.mail = {{"run_p", "run_c", Kind::kEnded, 4, -1, 1}};
  Change read;
  read.read_mail = {{.to = "run_c", .from = "run_p", .kind = Kind::kCancel}, {.to = "run_x", .from = "run_y", .kind = Kind::kCancel}};
  ASSERT_OK(Commit({again, read}));
  EXPECT_EQ(Shown(Must(store().ListMail(nullptr, 10))), "run_c>run_p:0/1@4.-1 run_c>run_p:0/2@3.7 ");

  Change both;  // in one change what is read goes before what is written
  both.read_mail = {{.to = "run_p", .from = "run_c", .kind = Kind::kEnded, .attempt = 2}};
  both.mail = {{"run_p", "run_c", Kind::kEnded, 9, 9, 2}};
  ASSERT_OK(Commit({both}));
  EXPECT_EQ(Shown(Must(store().ListMail(nullptr, 10))), "run_c>run_p:0/1@4.-1 run_c>run_p:0/2@9.9 ");
}

TEST_P(UpkeepTest, MailToADeletedRunGoesWithIt) {
  Change change = NewRun(MakeRun("run_1", 1000, RunStatus::kFailed));
  change.mail = {{.to = "run_1", .from = "run_2"}, {.to = "run_3", .from = "run_1"}};
  ASSERT_OK(Commit({change}));
  Change remove;
  remove.deleted_runs = {"run_1"};
  ASSERT_OK(Commit({remove}));
  EXPECT_EQ(Shown(Must(store().ListMail(nullptr, 10))), "run_1>run_3:0/1@0.-1 ");
}

TEST_P(UpkeepTest, LiveRunsUnderALimitAreListedOldestFirst) {
  const auto add = [&](const std::string& id, int64_t created_us, const std::string& key, RunStatus status) {
    Run run = MakeRun(id, created_us, status);
    run.identity.limit_key = key;
    run.progress.queued = status == RunStatus::kWaiting;
    ASSERT_OK(Commit({NewRun(run)}));
  };
  add("run_b", 2000, "wf:k", RunStatus::kWaiting);
  add("run_a", 2000, "wf:", RunStatus::kRunning);
  add("run_c", 1000, "wf:k", RunStatus::kRunning);
  add("run_over", 500, "wf:k", RunStatus::kTimedOut);
  add("run_free", 500, "", RunStatus::kRunning);
  std::string shown;
  for (const Run& run : Must(store().ListLimitedRuns(0, "", 10))) {
    shown += run.identity.id + "=" + run.identity.limit_key + (run.progress.queued ? "?" : "") + " ";
  }
  EXPECT_EQ(shown, "run_c=wf:k run_a=wf: run_b=wf:k? ");
  EXPECT_EQ(Must(store().ListLimitedRuns(2000, "run_a", 10)).at(0).identity.id, "run_b");
  EXPECT_EQ(Must(store().ListLimitedRuns(0, "", 1)).size(), 1u);
}

TEST_P(UpkeepTest, ExpiredRunsAreListedEarliestFirst) {
  const auto add = [&](const std::string& id, int64_t expires_us) {
    Run run = MakeRun(id, 1000, RunStatus::kSucceeded);
    run.progress.expires_us = expires_us;
    ASSERT_OK(Commit({NewRun(run)}));
  };
  add("run_late", 300);
  add("run_soon", 100);
  add("run_for_ever", 0);
  using Ids = std::vector<std::string>;
  EXPECT_EQ(Must(store().ListExpiredRuns(99, 10)), Ids{});
  EXPECT_EQ(Must(store().ListExpiredRuns(300, 10)), (Ids{"run_soon", "run_late"}));
  EXPECT_EQ(Must(store().ListExpiredRuns(300, 1)), (Ids{"run_soon"}));
  Change told;
  told.mail = {{.to = "run_parent", .from = "run_soon"}};
  ASSERT_OK(Commit({told}));
  EXPECT_EQ(Must(store().ListExpiredRuns(300, 10)), (Ids{"run_late"}));  // the other's end was not read yet
}

}  // namespace
}  // namespace orc::test
