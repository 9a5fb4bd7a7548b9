#include "engine/committer.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

Change LogChange(const std::string& run_id, const std::string& text = "line") {
  Change change;
  change.logs.push_back({.run_id = run_id, .source = "client", .text = text});
  return change;
}

Change NewWorkflow(const std::string& id) {
  Change change;
  change.new_workflows.push_back({.id = id, .name = id});
  return change;
}

class CommitterTest : public ::testing::Test {
 protected:
  Committer& Start(size_t max_queue = 10'000) {
    committer_ = std::make_unique<Committer>(store_, clock_, notifier_, max_queue);
    committer_->Start();
    return *committer_;
  }
  std::future<Result<void>> Submit(Change change, Committer::Urgency urgency = Committer::Urgency::kUnderWay) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto future = promise->get_future();
    const Result<void> taken =
        committer_->Submit(std::move(change), urgency, [promise](const Result<void>& result) { promise->set_value(result); });
    if (!taken.ok()) promise->set_value(taken);
    return future;
  }
  /// Holds the committer's thread in a commit until it is opened: what is submitted meanwhile becomes one batch.
  std::promise<void> HoldFirstCommit() {
    std::promise<void> gate;
    store_.JudgeCommits([first = true, opened = std::make_shared<std::future<void>>(gate.get_future()),
                         this](auto) mutable -> std::optional<std::pair<FaultyStore::When, Error>> {
      if (std::exchange(first, false)) {
        held_.set_value();
        opened->wait();
      }
      return std::nullopt;
    });
    return gate;
  }
  void WaitUntilHeld() { held_.get_future().wait(); }

  SystemClock clock_;
  FaultyStore store_;
  Notifier notifier_;
  std::unique_ptr<Committer> committer_;
  std::promise<void> held_;
};

TEST_F(CommitterTest, WhatIsSubmittedDuringACommitSharesTheNextOne) {
  std::promise<void> gate = HoldFirstCommit();
  Start();
  std::vector<std::future<Result<void>>> answers;
  answers.push_back(Submit(LogChange("run_0")));
  WaitUntilHeld();
  for (int i = 1; i <= 50; ++i) answers.push_back(Submit(LogChange("run_" + std::to_string(i))));
  EXPECT_EQ(committer_->GetStats().queued, 50u);
  gate.set_value();
  for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
  committer_->Stop();
  EXPECT_EQ(store_.batch_sizes(), (std::vector<size_t>{1, 50}));
  EXPECT_EQ(committer_->GetStats().commits, 2u);
  EXPECT_EQ(committer_->GetStats().changes, 51u);
}

TEST_F(CommitterTest, OnlyTheGuiltyChangeOfABatchFails) {
  std::promise<void> gate = HoldFirstCommit();
  Start();
  auto first = Submit(NewWorkflow("wf_taken"));
  WaitUntilHeld();
  std::vector<std::future<Result<void>>> answers;
  for (int i = 0; i < 33; ++i) answers.push_back(Submit(NewWorkflow(i == 20 ? "wf_taken" : "wf_" + std::to_string(i))));
  gate.set_value();
  EXPECT_TRUE(first.get().ok());
  for (int i = 0; i < 33; ++i) {
    const Result<void> result = answers[i].get();
    EXPECT_EQ(result.ok(), i != 20) << i;
    EXPECT_TRUE(result.ok() || result.error().code == ErrorCode::kConflict);
    EXPECT_EQ(store_.GetWorkflow("wf_" + std::to_string(i)).ok(), i != 20) << i;
  }
}

TEST_F(CommitterTest, AnOutageFailsTheWholeBatchAndIsNotBisected) {
  int commits = 0;
  store_.JudgeCommits([&](auto) {
    ++commits;
    return std::pair(FaultyStore::When::kBeforeWriting, Error{ErrorCode::kUnavailable, "the disk is full"});
  });
  committer_ = std::make_unique<Committer>(store_, clock_, notifier_);
  std::vector<std::future<Result<void>>> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(Submit(LogChange("run_1")));
  committer_->Start();
  for (auto& answer : answers) EXPECT_EQ(answer.get().error().code, ErrorCode::kUnavailable);
  committer_->Stop();
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(committer_->GetStats().commits, 0u);
}

TEST_F(CommitterTest, AFullQueueRefusesNewWorkOnly) {
  std::promise<void> gate = HoldFirstCommit();
  Start(2);
  auto first = Submit(LogChange("run_1"));
  WaitUntilHeld();
  auto second = Submit(LogChange("run_1"), Committer::Urgency::kNewWork);
  auto third = Submit(LogChange("run_1"), Committer::Urgency::kNewWork);
  auto refused = Submit(LogChange("run_1"), Committer::Urgency::kNewWork);
  auto under_way = Submit(LogChange("run_1"));
  EXPECT_EQ(refused.get().error().code, ErrorCode::kUnavailable);
  gate.set_value();
  EXPECT_TRUE(first.get().ok());
  EXPECT_TRUE(second.get().ok());
  EXPECT_TRUE(third.get().ok());
  EXPECT_TRUE(under_way.get().ok());
}

TEST_F(CommitterTest, StopWritesWhatIsQueuedAndRefusesTheRest) {
  Start();
  std::vector<std::future<Result<void>>> answers;
  for (int i = 0; i < 100; ++i) answers.push_back(Submit(LogChange("run_1")));
  committer_->Stop();
  for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
  EXPECT_EQ(Submit(LogChange("run_1")).get().error().code, ErrorCode::kUnavailable);
}

TEST_F(CommitterTest, ManyActiveRunsMakeItGatherButNeverForever) {
  Start();
  committer_->SetActiveRuns(1000);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Submit(LogChange("run_1")).get().ok());
}

TEST_F(CommitterTest, NewsComeAfterTheCommitAndAfterTheAnswer) {
  std::promise<std::vector<RunNews>> promise;
  std::atomic<bool> answered{false};
  std::atomic<bool> answered_before_news{false};
  const uint64_t token = notifier_.Subscribe([&](const std::vector<RunNews>& news) {
    answered_before_news = answered.load();
    promise.set_value(news);
  });
  Start();
  Change change = LogChange("run_1");
  change.logs.push_back({.run_id = "run_1", .text = "second"});
  orc::Run run;
  run.identity.id = "run_1";
  run.progress.status = RunStatus::kSucceeded;
  run.context = std::make_shared<const Json>(JsonObject{});
  change.new_runs.push_back(run);
  change.events.push_back({.run_id = "run_1", .event = {.number = 1, .type = "run.succeeded", .payload = "{}"}});
  ASSERT_TRUE(
      committer_->Submit(std::move(change), Committer::Urgency::kUnderWay, [&](const Result<void>& result) { answered = result.ok(); })
          .ok());
  const std::vector<RunNews> news = promise.get_future().get();
  ASSERT_EQ(news.size(), 1u);
  EXPECT_EQ(news[0].run_id, "run_1");
  EXPECT_TRUE(news[0].logs);
  EXPECT_TRUE(news[0].events);
  EXPECT_TRUE(news[0].terminal);
  EXPECT_TRUE(answered_before_news);
  EXPECT_EQ(store_.ReadLogs("run_1", 0, 10)->size(), 2u);
  notifier_.Unsubscribe(token);
}

TEST_F(CommitterTest, NothingIsPublishedOfAChangeThatFailed) {
  std::atomic<int> calls{0};
  const uint64_t token = notifier_.Subscribe([&](const auto&) { ++calls; });
  store_.JudgeCommits([](auto) { return std::pair(FaultyStore::When::kBeforeWriting, Error{ErrorCode::kInvalid, "no"}); });
  Start();
  EXPECT_EQ(Submit(LogChange("run_1")).get().error().code, ErrorCode::kInvalid);
  committer_->Stop();
  EXPECT_EQ(calls, 0);
  notifier_.Unsubscribe(token);
}

TEST_F(CommitterTest, ACallerWritesItselfWhenNothingElseIsWritten) {
  Start();
  std::thread::id writer;
  const Result<void> taken = committer_->Submit(
      LogChange("run_1"), Committer::Urgency::kUnderWay,
      [&](const Result<void>& result) {
        EXPECT_TRUE(result.ok());
        writer = std::this_thread::get_id();
      },
      Committer::Writer::kCallerIfIdle);
  EXPECT_TRUE(taken.ok());
  EXPECT_EQ(writer, std::this_thread::get_id());
  EXPECT_EQ(committer_->GetStats().commits, 1u);
}

TEST_F(CommitterTest, BesideAWritingCallerOthersQueueAndShareTheNextCommit) {
  Start();
  std::promise<void> gate = HoldFirstCommit();
  bool ended = false;
  std::thread caller([&] {
    (void)committer_->Submit(
        LogChange("run_0"), Committer::Urgency::kUnderWay, [&](const Result<void>&) { ended = true; }, Committer::Writer::kCallerIfIdle);
  });
  WaitUntilHeld();
  std::vector<std::future<Result<void>>> answers;
  for (int i = 0; i < 5; ++i) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    answers.push_back(promise->get_future());
    ASSERT_TRUE(committer_
                    ->Submit(
                        LogChange("run_1"), Committer::Urgency::kUnderWay,
                        [promise](const Result<void>& result) { promise->set_value(result); }, Committer::Writer::kCallerIfIdle)
                    .ok());
  }
  EXPECT_EQ(committer_->GetStats().queued, 5u);
  std::thread stop([&] { committer_->Stop(); });
  gate.set_value();
  caller.join();
  stop.join();
  EXPECT_TRUE(ended);
  for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
  EXPECT_EQ(committer_->GetStats().commits, 2u);
}

TEST_F(CommitterTest, WithManyActiveRunsACallerLeavesItToTheThread) {
  Start();
  committer_->SetActiveRuns(1000);
  std::promise<std::thread::id> writer;
  ASSERT_TRUE(committer_
                  ->Submit(
                      LogChange("run_1"), Committer::Urgency::kUnderWay,
                      [&](const Result<void>&) { writer.set_value(std::this_thread::get_id()); }, Committer::Writer::kCallerIfIdle)
                  .ok());
  EXPECT_NE(writer.get_future().get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace orc::test
