#include "engine/engine.h"

#include <gmock/gmock.h>

#include "unit/engine/case_run.h"
#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

TEST(EngineTest, ARunOfNStepsCostsOnePlusNCommits) {
  EngineBench bench;
  bench.runner.script = AlwaysSucceeds;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  bench.Kill();
  EXPECT_EQ(bench.committer->GetStats().commits, 4u);
  EXPECT_EQ(bench.committer->GetStats().changes, 4u);
  EXPECT_EQ(bench.runner.started().size(), 3u);
  const Result<orc::Run> stored = bench.store.GetRun(run);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->steps.size(), 3u);
  EXPECT_EQ(bench.store.GetDocuments(run, Document::Kind::kOutput, -1)->size(), 3u);
  EXPECT_EQ(bench.store.ReadEvents(run, 0, 100)->size(), 8u);
}

TEST(EngineTest, TheAnswerComesWithTheRunAsCommitted) {
  EngineBench bench;
  const Result<RunSnapshot> made = bench.Create(EngineBench::RunOf(bench.AddWorkflow(ThreeSteps())));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->run->progress.status, RunStatus::kRunning);
  EXPECT_EQ(made->definition->steps.size(), 3u);
  EXPECT_TRUE(made->run->identity.id.starts_with("run_"));
  EXPECT_EQ(bench.store.GetRun(made->run->identity.id)->progress.revision, made->run->progress.revision);
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->idempotency_key, made->run->identity.id + ":a:-:1:0");
  EXPECT_EQ(order->definition, made->definition);
}

TEST(EngineTest, AnIdempotencyRowGoesWithTheRunAndATakenKeyIsAConflict) {
  EngineBench bench;
  const std::string workflow = bench.AddWorkflow(ThreeSteps());
  const auto make = [&] {
    NewRun run = EngineBench::RunOf(workflow);
    run.idempotency = IdempotencyRow{.scope = "POST /v1/runs", .key = "k", .status = 201};
    run.render = [](const orc::Run& of, const Definition& definition) { return of.identity.id + " " + definition.steps[0].id; };
    return run;
  };
  const Result<RunSnapshot> first = bench.Create(make());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ((*bench.store.FindIdempotency("POST /v1/runs", "k"))->body, first->run->identity.id + " a");
  const Result<RunSnapshot> second = bench.Create(make());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 1; }));
  EXPECT_EQ(bench.runner.started().size(), 1u);
}

TEST(EngineTest, UnknownRunsAndWorkflowsAreNotFound) {
  EngineBench bench;
  EXPECT_EQ(bench.Submit("run_none", CancelRequested{}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(bench.Create(EngineBench::RunOf("wf_none")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
}

TEST(EngineTest, ARunThatWaitsForApprovalIsARowNotMemory) {
  EngineBench bench;
  const std::string workflow =
      bench.AddWorkflow(Steps(HttpStep("a", R"(,"requires_approval":true)") + "," + HttpStep("b", R"(,"requires_approval":true)")));
  const std::string run = bench.Begin(workflow);
  EXPECT_EQ(bench.StatusOf(run), RunStatus::kWaitingApproval);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));

  const Result<RunSnapshot> approved = bench.Approve(run);
  ASSERT_TRUE(approved.ok());
  EXPECT_EQ(approved->run->progress.status, RunStatus::kRunning);
  bench.runner.Succeed(bench.runner.WaitForStart(1)->key);
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kWaitingApproval));
  ASSERT_TRUE(bench.Approve(run).ok());
  bench.runner.Succeed(bench.runner.WaitForStart(2)->key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(bench.Approve(run).ok(), true);  // the same decision again
  EXPECT_EQ(bench.Submit(run, CancelRequested{}).error().code, ErrorCode::kConflict);
}

TEST(EngineTest, RetriesAndTimeoutsComeByTheClock) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a", R"(,"timeout_ms":20,"retry":{"max":1,"backoff_ms":10})"))));
  const auto first = bench.runner.WaitForStart(1);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->timeout_ms, 20);
  ASSERT_TRUE(bench.runner.WaitForCancel(1));
  const auto second = bench.runner.WaitForStart(2);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->key.try_number, 2);
  EXPECT_EQ(second->idempotency_key, first->idempotency_key);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(bench.store.GetRun(run)->steps.at({0, -1}).error->code, "timeout");
}

TEST(EngineTest, ARetryFarOffIsARowAndComesBackByTheTimersOfTheStore) {
  EngineBench bench;
  bench.runner.script = [](const AttemptOrder& order) {
    AttemptFinished result{.key = order.key};
    if (order.key.try_number == 1) {
      result.outcome = AttemptFinished::Outcome::kFailed;
      result.error = {"network", "gone", true, ""};
    }
    return result;
  };
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a", R"(,"retry":{"max":1,"backoff_ms":1500})"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kWaiting));
  ASSERT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().timers == 1; }));
  bench.Restart();  // the due time is on the disk: neither forgotten nor hastened
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  const orc::Run stored = *bench.store.GetRun(run);
  EXPECT_GE(stored.progress.finished_us - stored.identity.created_us, 1'500'000);
}

TEST(EngineTest, ATryHasItsTimeThoughTheWallClockIsSetForward) {
  EngineBench bench;
  const std::string slow = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a", R"(,"timeout_ms":60000)"))));
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  bench.clock.Set(3'600'000'000);
  const std::string hasty = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a", R"(,"timeout_ms":20)"))));
  ASSERT_TRUE(bench.WaitForStatus(hasty, RunStatus::kFailed));  // so the timers have been looked at
  EXPECT_EQ(bench.StatusOf(slow), RunStatus::kRunning);
  bench.runner.Succeed(order->key);
  EXPECT_TRUE(bench.WaitForStatus(slow, RunStatus::kSucceeded));
}

TEST(EngineTest, ARetryIsNotDelayedByAWallClockThatIsSetBack) {
  EngineBench bench;
  bench.runner.script = [](const AttemptOrder& order) {
    AttemptFinished result{.key = order.key};
    result.outcome = order.key.try_number == 1 ? AttemptFinished::Outcome::kFailed : AttemptFinished::Outcome::kSucceeded;
    result.error = {"network", "gone", true, ""};
    return result;
  };
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a", R"(,"retry":{"max":1,"backoff_ms":300})"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kWaiting));
  bench.clock.Set(-3'600'000'000);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
}

TEST(EngineTest, ACancelTellsTheAttemptAndEndsTheRun) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  const Result<RunSnapshot> answer = bench.Submit(run, CancelRequested{.actor = "ana"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->run->progress.status, RunStatus::kCanceling);
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kCanceled));
  EXPECT_EQ(bench.runner.started().size(), 1u);
}

TEST(EngineTest, ACancelledAttemptThatDoesNotStopIsLeftBehindAfterTheGrace) {
  EngineBench bench(Engine::Options{.cancel_grace_ms = 20});
  bench.runner.obeys_cancel = false;
  const std::string run = bench.Begin(bench.AddWorkflow(ThreeSteps()));
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(bench.Submit(run, CancelRequested{}).ok());
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kCanceled));
  const int64_t revision = bench.store.GetRunProgress(run)->revision;
  bench.runner.Succeed(order->key);  // late
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  EXPECT_EQ(bench.store.GetRunProgress(run)->revision, revision);
}

TEST(EngineTest, AFailedRunIsRetriedWithWhatSucceededKept) {
  EngineBench bench;
  std::atomic<bool> broken{true};
  bench.runner.script = [&](const AttemptOrder& order) {
    AttemptFinished result{.key = order.key, .output = R"({"n":3})"};
    if (order.key.step == 1 && broken) {
      result.outcome = AttemptFinished::Outcome::kFailed;
      result.error = {"http_status", "503", false, ""};
    }
    return result;
  };
  const std::string run = bench.Begin(bench.AddWorkflow(
      Steps(HttpStep("a") + R"(,{"id":"b","name":"b","action":"http","input":{"n":"{{ steps.a.output.n }}"}},)" + HttpStep("c"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  broken = false;
  ASSERT_TRUE(bench.Submit(run, RetryRequested{"ana"}).ok());
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  const auto started = bench.runner.started();
  ASSERT_EQ(started.size(), 4u);
  EXPECT_EQ(started[2].key.run_attempt, 2);
  EXPECT_EQ(started[2].key.step, 1u);
  EXPECT_EQ(J(started[2].input), J(R"({"n":3})"));
  EXPECT_EQ(bench.store.GetRun(run)->steps.size(), 3u);
}

TEST(EngineTest, NewRunsBeyondTheLimitAreRefused) {
  EngineBench bench(Engine::Options{.max_active_runs = 2});
  const std::string workflow = bench.AddWorkflow(ThreeSteps());
  const std::string first = bench.Begin(workflow);
  bench.Begin(workflow);
  const Result<RunSnapshot> third = bench.Create(EngineBench::RunOf(workflow));
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(bench.Submit(first, CancelRequested{.force = true}).ok());
  EXPECT_TRUE(Eventually([&] { return bench.Create(EngineBench::RunOf(workflow)).ok(); }));
}

TEST(EngineTest, LinesOfAnActionAreOnTheDiskBeforeItsRunIsOver) {
  EngineBench bench;
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(HttpStep("a"))));
  const auto order = bench.runner.WaitForStart(1);
  std::atomic<size_t> lines_at_end{0};
  const uint64_t token = bench.notifier->Subscribe([&](const std::vector<RunNews>& news) {
    for (const RunNews& one : news) {
      if (one.terminal) lines_at_end = bench.store.ReadLogs(run, 0, 1000)->size();
    }
  });
  for (int i = 0; i < 100; ++i) bench.runner.Write(order->key, "line " + std::to_string(i));
  bench.runner.Succeed(order->key);
  ASSERT_TRUE(Eventually([&] { return lines_at_end > 0; }));
  EXPECT_EQ(lines_at_end, 100u);
  const auto rows = *bench.store.ReadLogs(run, 0, 1000);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rows[i].text, "line " + std::to_string(i));
  EXPECT_EQ(rows[0].source, "http");
  EXPECT_EQ(rows[0].try_number, 1);
  bench.notifier->Unsubscribe(token);
}

TEST(EngineTest, HundredsOfRunsOverSeveralLoopsAllEnd) {
  EngineBench bench(Engine::Options{.loops = 3});
  bench.runner.script = AlwaysSucceeds;
  const std::string workflow = bench.AddWorkflow(Steps(
      HttpStep("a") + R"(,{"id":"t","name":"t","action":"transform","input":{"set":{"x":"{{ steps.a.output }}"}}},)" + HttpStep("c")));
  std::atomic<int> answers{0};
  constexpr int kRuns = 500;
  std::mutex mutex;
  std::vector<std::string> runs;
  for (int i = 0; i < kRuns; ++i) {
    bench.engine->CreateRun(EngineBench::RunOf(workflow), [&](Result<RunSnapshot> result) {
      ASSERT_TRUE(result.ok());
      const std::lock_guard lock(mutex);
      runs.push_back(result->run->identity.id);
      ++answers;
    });
  }
  ASSERT_TRUE(Eventually([&] { return answers == kRuns; }));
  for (const std::string& run : runs) ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded)) << run;
  EXPECT_EQ(bench.runner.started().size(), 2u * kRuns);
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
}

}  // namespace
}  // namespace orc::test
