// Restarts: what was under way goes on, as the disk says.
#include "engine/recovery.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

TEST(RecoveryTest, AttemptsUnderWayAreSentAgainUnderTheSameKey) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  bench.runner.Succeed(bench.runner.WaitForStart(1)->key);
  const auto before = bench.runner.WaitForStart(2);
  ASSERT_TRUE(before);
  bench.Restart();
  const auto after = bench.runner.WaitForStart(3);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->key, before->key);
  EXPECT_EQ(after->idempotency_key, before->idempotency_key);
  EXPECT_EQ(after->input, before->input);
  bench.runner.Succeed(after->key);
  bench.runner.Succeed(bench.runner.WaitForStart(4)->key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.runner.started().size(), 4u);  // the first step was not run again
}

TEST(RecoveryTest, MorePagesThanOneAreTakenUpWhileNewRunsGoOn) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(Steps(HttpStep("a")));
  constexpr size_t kRuns = 400;
  std::vector<std::string> runs;
  for (size_t i = 0; i < kRuns; ++i) runs.push_back(bench.Begin(workflow));
  ASSERT_TRUE(bench.runner.WaitForStart(kRuns));
  bench.Kill();
  bench.runner.script = AlwaysSucceeds;
  bench.Boot();
  runs.push_back(bench.Begin(workflow));
  for (const std::string& run : runs) ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded)) << run;
  EXPECT_EQ(bench.runner.started().size(), 2 * kRuns + 1);  // the new one once, all others once more
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
}

TEST(RecoveryTest, NewRunsAreNotTakenForLostOnes) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(Steps(HttpStep("a")));
  for (int i = 0; i < 5; ++i) {
    bench.Restart();
    bench.Begin(workflow);
  }
  bench.Kill();
  std::set<std::pair<std::string, int>> seen;
  const auto started = bench.runner.started();
  std::map<std::string, int> times;
  for (const AttemptOrder& order : started) ++times[order.key.run_id];
  // The n-th run lived through 5 - n restarts.
  int restarts = 4;
  std::set<std::string> in_order;
  for (const AttemptOrder& order : started) {
    if (!in_order.insert(order.key.run_id).second) continue;
    EXPECT_LE(times[order.key.run_id], 1 + restarts--);
  }
}

TEST(RecoveryTest, RunsOfATimeWhenTheClockWasAheadAreTakenUp) {
  EngineBench bench;
  NewRun ahead = EngineBench::RunOf(bench.AddWorkflow(Steps(HttpStep("a"))));
  ahead.identity.id = "run_ffffffffffff7fffffffffffffffffff";  // above every id that the next process will make
  const std::string run = ahead.identity.id;
  ASSERT_TRUE(bench.Create(std::move(ahead)).ok());
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  bench.Restart();
  const auto again = bench.runner.WaitForStart(2);
  ASSERT_TRUE(again);
  bench.runner.Succeed(again->key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
}

TEST(RecoveryTest, ACancelCutShortByTheRestartEnds) {
  EngineBench bench;
  bench.runner.obeys_cancel = false;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  ASSERT_TRUE(bench.Submit(run, CancelRequested{}).ok());
  ASSERT_EQ(bench.StatusOf(run), RunStatus::kCanceling);
  bench.Restart();
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kCanceled));
  EXPECT_EQ(bench.runner.started().size(), 1u);
}

TEST(RecoveryTest, AClientThatComesBeforeRecoveryDoesNotKeepARunFromGoingOn) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a"))));
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  bench.Restart();
  EXPECT_EQ(bench.Approve(run).error().code, ErrorCode::kConflict);  // loads it
  const auto again = bench.runner.WaitForStart(2);
  ASSERT_TRUE(again);
  bench.runner.Succeed(again->key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.runner.started().size(), 2u);
}

TEST(RecoveryTest, StopDrainsAndLeavesTheRestForTheNextStart) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(ThreeSteps());
  const std::string run = bench.Begin(workflow);
  const auto order = bench.runner.WaitForStart(1);
  std::thread stopper([&] { bench.engine->Stop(bench.clock.SteadyUs() + 20'000'000); });
  EXPECT_TRUE(Eventually([&] { return bench.Submit("run_none", CancelRequested{}).error().code == ErrorCode::kUnavailable; }));
  EXPECT_EQ(bench.Create(EngineBench::RunOf(workflow)).error().code, ErrorCode::kUnavailable);
  bench.runner.Succeed(order->key);
  stopper.join();
  // The step's end is on the disk, and the next one's start; but nothing new was begun.
  EXPECT_EQ(bench.store.GetRun(run)->FindStep({0, -1})->status, StepStatus::kSucceeded);
  EXPECT_EQ(bench.runner.started().size(), 1u);
  bench.runner.script = AlwaysSucceeds;
  bench.Restart();
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.runner.started().size(), 3u);
}

TEST(RecoveryTest, WhoStillWaitsWhenTheEngineStopsIsAnswered) {
  std::promise<void> gate;  // before the bench: its committer's thread uses them until it is joined
  std::promise<void> held;
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a"))));
  bench.store.JudgeCommits([&, first = true](auto) mutable -> std::optional<std::pair<FaultyStore::When, Error>> {
    if (std::exchange(first, false)) {
      held.set_value();
      gate.get_future().wait();
    }
    return std::nullopt;
  });
  std::promise<ErrorCode> answer;
  bench.engine->Submit(run, CancelRequested{}, std::nullopt, [&](Result<RunSnapshot> result) { answer.set_value(result.error().code); });
  held.get_future().wait();
  // A second client's event stays in the queue: the loop that would take it writes the first one's.
  std::promise<ErrorCode> other;
  bench.engine->Submit(run, CancelRequested{}, std::nullopt, [&](Result<RunSnapshot> result) { other.set_value(result.error().code); });
  std::thread stop([&] { bench.engine->Stop(0); });
  EXPECT_EQ(other.get_future().get(), ErrorCode::kUnavailable);
  gate.set_value();
  stop.join();
  EXPECT_EQ(answer.get_future().get(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace orc::test
