// What the engine does while the disk fails.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"
#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

using When = FaultyStore::When;

FaultyStore::Judge FailTimes(int count, When when, ErrorCode code = ErrorCode::kUnavailable) {
  return [=](auto) mutable -> std::optional<std::pair<When, Error>> {
    if (count-- <= 0) return std::nullopt;
    return std::pair(when, Error{code, "the disk says no"});
  };
}

TEST(StoreFailureTest, AResultIsNotLostWhileTheStoreIsAway) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  const auto order = bench.runner.WaitForStart(1);
  bench.store.JudgeCommits(FailTimes(3, When::kBeforeWriting));
  bench.runner.script = AlwaysSucceeds;
  bench.runner.Succeed(order->key, R"("kept")");
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.runner.started().size(), 3u);  // no completed step ran again
  EXPECT_EQ(bench.store.GetDocuments(run, Document::Kind::kOutput, 0)->at(0).text, R"("kept")");
}

TEST(StoreFailureTest, LinesOfARunsLogAreKeptWhileTheStoreIsAway) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a"))));
  const auto order = bench.runner.WaitForStart(1);
  bench.store.JudgeCommits(FailTimes(1'000'000, When::kBeforeWriting));
  constexpr size_t kLines = 12'000;  // more than are kept
  for (size_t i = 0; i < kLines; ++i) {
    bench.runner.Write(order->key, "line " + std::to_string(i));
    if (i % 1'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  bench.runner.Succeed(order->key);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(bench.store.ReadLogs(run, 0, 10)->empty());
  bench.store.JudgeCommits({});
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  std::vector<LogRow> rows;
  const auto is_whole = [&] { return (rows = *bench.store.ReadLogs(run, 0, 20'000)).size() > 10'000; };
  ASSERT_TRUE(Eventually(is_whole)) << rows.size();
  for (size_t i = 0; i < 10'000; ++i) ASSERT_EQ(rows[i].text, "line " + std::to_string(i));
  size_t missing = 0;
  for (size_t i = 10'000; i < rows.size(); ++i) {
    EXPECT_NE(rows[i].text.find(" lines are missing here"), std::string::npos) << rows[i].text;
    missing += std::stoul(rows[i].text);
  }
  EXPECT_EQ(missing, 2'000u);
}

TEST(StoreFailureTest, ACommitThatFailedOnlyInItsAnswerIsFoundOut) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  const auto order = bench.runner.WaitForStart(1);
  bench.store.JudgeCommits(FailTimes(1, When::kAfterWriting));
  bench.runner.Succeed(order->key);
  const auto second = bench.runner.WaitForStart(2);  // its start was recorded: it must be carried out
  ASSERT_TRUE(second);
  EXPECT_EQ(second->key.step, 1u);
  bench.runner.script = AlwaysSucceeds;
  bench.runner.Succeed(second->key);
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.runner.started().size(), 3u);
}

TEST(StoreFailureTest, ANewRunWhoseFateIsUnknownIsRefusedButGoesOnWhenItIsThere) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(Steps(HttpStep("a")));
  bench.runner.script = AlwaysSucceeds;
  bench.store.JudgeCommits(FailTimes(1, When::kAfterWriting));
  EXPECT_EQ(bench.Create(EngineBench::RunOf(workflow)).error().code, ErrorCode::kUnavailable);
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  EXPECT_TRUE(bench.WaitForStatus(order->key.run_id, RunStatus::kSucceeded));

  bench.store.JudgeCommits(FailTimes(1, When::kBeforeWriting));
  EXPECT_EQ(bench.Create(EngineBench::RunOf(workflow)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  EXPECT_EQ(bench.runner.started().size(), 1u);
}

TEST(StoreFailureTest, AClientIsToldAtOnceAndItsEventIsNotCarriedOutLater) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a"))));
  const auto order = bench.runner.WaitForStart(1);
  bench.store.JudgeCommits(FailTimes(1'000'000, When::kBeforeWriting));
  EXPECT_EQ(bench.Submit(run, CancelRequested{}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(bench.Submit(run, CancelRequested{}).error().code, ErrorCode::kUnavailable);
  bench.store.JudgeCommits({});
  bench.runner.Succeed(order->key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
}

/// A run that stands at its second step; the third reads the output of the first, which is not kept for it in memory.
struct ReadingRun {
  EngineBench bench;
  std::string id;
  AttemptKey second;

  ReadingRun() {
    bench.runner.script = [](const AttemptOrder& order) -> std::optional<AttemptFinished> {
      if (order.key.step == 1) return std::nullopt;
      return AttemptFinished{.key = order.key, .output = R"({"n":4})"};
    };
    id = bench.Begin(bench.AddWorkflow(
        Steps(HttpStep("a") + "," + HttpStep("b") + R"(,{"id":"c","name":"c","action":"http","input":{"n":"{{ steps.a.output.n }}"}})")));
    if (const auto order = bench.runner.WaitForStart(2)) second = order->key;
  }
  void ExpectTheEnd() {
    ASSERT_TRUE(bench.WaitForStatus(id, RunStatus::kSucceeded));
    EXPECT_EQ(J(bench.runner.started().at(2).input), J(R"({"n":4})"));
    EXPECT_EQ(bench.runner.started().size(), 3u);
  }
};

TEST(StoreFailureTest, ReadsThatFailAreTriedAgain) {
  ReadingRun run;
  run.bench.store.BreakReads(true);
  run.bench.runner.Succeed(run.second);
  EXPECT_TRUE(Eventually([&] { return run.bench.Submit(run.id, CancelRequested{}).error().code == ErrorCode::kUnavailable; }));
  run.bench.store.BreakReads(false);
  run.ExpectTheEnd();
}

TEST(StoreFailureTest, ADecisionThatThrowsIsMadeAgain) {
  ReadingRun run;
  run.bench.store.ThrowOnReads(2);
  run.bench.runner.Succeed(run.second);
  run.ExpectTheEnd();
}

TEST(StoreFailureTest, DataThatTheStoreRefusesFailsItsRunOnly) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(Steps(HttpStep("a")));
  bench.store.JudgeCommits([](std::span<const Change* const> changes) -> std::optional<std::pair<When, Error>> {
    for (const Change* change : changes) {
      for (const DocumentRow& row : change->documents) {
        if (row.document.text == "\"poison\"") return std::pair(When::kBeforeWriting, Error{ErrorCode::kInvalid, "cannot be stored"});
      }
    }
    return std::nullopt;
  });
  const std::string bad = bench.Begin(workflow);
  const auto bad_order = bench.runner.WaitForStart(1);
  const std::string good = bench.Begin(workflow);
  const auto good_order = bench.runner.WaitForStart(2);
  bench.runner.Succeed(bad_order->key, "\"poison\"");
  bench.runner.Succeed(good_order->key);
  EXPECT_TRUE(bench.WaitForStatus(good, RunStatus::kSucceeded));
  ASSERT_TRUE(bench.WaitForStatus(bad, RunStatus::kFailed));
  EXPECT_EQ(bench.store.GetRun(bad)->steps.at({0, -1}).error->code, "output_invalid");
}

TEST(StoreFailureTest, AForeignWriteIsSeenAndDecidedUpon) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  const auto order = bench.runner.WaitForStart(1);
  // Another writer cancels the run behind the engine's back.
  orc::Run there = *bench.store.GetRun(run);
  Change change;
  RunProgress progress = there.progress;
  progress.status = RunStatus::kCanceled;
  ++progress.revision;
  change.run_updates.push_back({run, there.progress.revision, progress});
  const Change* changes[] = {&change};
  ASSERT_TRUE(bench.store.Commit(changes).ok());
  bench.runner.Succeed(order->key);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  EXPECT_EQ(bench.StatusOf(run), RunStatus::kCanceled);
  EXPECT_EQ(bench.runner.started().size(), 1u);
}

}  // namespace
}  // namespace orc::test
