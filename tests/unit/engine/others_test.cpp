// What runs have to do with each other: sub-workflows, workflows that a failure starts, limits; and what becomes of ended ones.
#include <gmock/gmock.h>

#include <set>

#include "unit/engine/case_run.h"
#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

std::string Call(const std::string& workflow, const std::string& more = "", const std::string& context = "{}") {
  return R"({"id":"call","name":"call","action":"workflow.run","input":{"workflow":")" + workflow + R"(","context":)" + context + "}" +
         more + "}";
}
std::string WithOutput(const std::string& steps, const std::string& output, const std::string& more = "") {
  return R"({"name":"test","steps":[)" + steps + R"(],"output":")" + output + "\"" + more + "}";
}
std::string Transform(const std::string& expr) {
  return R"({"id":"t","name":"t","action":"transform","input":{"expr":")" + expr + R"("}})";
}
std::string Limited(const std::string& more) { return R"({"name":"test","steps":[)" + HttpStep("a") + "]," + more + "}"; }

class OthersTest : public testing::Test {
 protected:
  std::string OutputOf(const std::string& run) {
    const auto text = bench.store.GetDocument(run, Document::Kind::kOutput, -1, -1);
    return text.ok() && *text ? **text : "";
  }
  StepState CallOf(const std::string& run) { return bench.store.GetRun(run)->steps.at({0, -1}); }
  std::vector<orc::Run> RunsOf(const std::string& workflow) {
    return bench.store.ListRuns({.statuses = {}, .workflow_id = workflow, .labels = {}}, {.limit = 500, .cursor = ""})->items;
  }
  bool NoMailIsLeft() {
    return Eventually([&] { return bench.store.ListMail(nullptr, 10)->empty(); });
  }
  std::string BeginWith(const std::string& workflow, const std::string& context) {
    NewRun run = EngineBench::RunOf(workflow);
    run.context = std::make_shared<const Json>(J(context));
    Result<RunSnapshot> made = bench.Create(std::move(run));
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    return made.ok() ? made->run->identity.id : "";
  }

  EngineBench bench{Engine::Options{.loops = 2}};
};

TEST_F(OthersTest, ASubWorkflowsOutputIsTheSteps) {
  const std::string child = bench.AddWorkflow(WithOutput(Transform("context.n * 2"), "steps.t.output"));
  const std::string run = bench.Begin(bench.AddWorkflow(WithOutput(Call(child, "", R"({"n":21})"), "steps.call.output")));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(OutputOf(run), "42");
  ASSERT_EQ(RunsOf(child).size(), 1u);
  const RunIdentity of_child = RunsOf(child)[0].identity;
  EXPECT_EQ(of_child.parent, (ParentStep{run, 0, -1}));
  EXPECT_EQ(of_child.depth, 1);
  EXPECT_EQ(of_child.created_by, "run:" + run);
  EXPECT_TRUE(NoMailIsLeft());
}

TEST_F(OthersTest, WhileItWaitsTheParentIsARow) {
  const std::string child = bench.AddWorkflow(Steps(HttpStep("a", R"(,"requires_approval":true)")));
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(Call(child))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kWaiting));
  ASSERT_TRUE(Eventually([&] { return RunsOf(child).size() == 1 && RunsOf(child)[0].progress.status == RunStatus::kWaitingApproval; }));
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  EXPECT_EQ(CallOf(run).wait_for, RunsOf(child)[0].identity.id);
}

TEST_F(OthersTest, ALargeParentStaysForAMomentAndThenIsARow) {
  const std::string child = bench.AddWorkflow(Steps(HttpStep("a", R"(,"if":"context.n < 299","requires_approval":false)") + "," +
                                                    HttpStep("b", R"(,"if":"context.n == 299","requires_approval":true)")));
  bench.runner.script = [](const AttemptOrder& order) { return AttemptFinished{.key = order.key}; };
  const std::string run =
      bench.Begin(bench.AddWorkflow(Steps(Call(child, R"x(,"for_each":"lists.range(300)","concurrency":20)x", R"({"n":"{{ item }}"})"))));
  ASSERT_TRUE(Eventually([&] {
    const std::vector<orc::Run> waiting =
        bench.store.ListRuns({.statuses = {RunStatus::kWaitingApproval}}, {.limit = 10, .cursor = ""})->items;
    return waiting.size() == 1;
  }));
  ASSERT_TRUE(Eventually([&] { return bench.store.GetRun(run)->steps.at({0, -1}).loop.ended == 299; }));
  EXPECT_TRUE(Eventually([&] { return bench.engine->GetStats().active_runs == 0; }));
  const auto last = bench.store.ListRuns({.statuses = {RunStatus::kWaitingApproval}}, {.limit = 10, .cursor = ""})->items.at(0);
  ASSERT_TRUE(bench.Approve(last.identity.id).ok());
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
}

TEST_F(OthersTest, ItsFailureIsTheStepsAndCanBeCaught) {
  const std::string child = bench.AddWorkflow(Steps(Transform("1 / 0")));
  const std::string run = bench.Begin(bench.AddWorkflow(WithOutput(
      Call(child, R"(,"catch":[{"on":["expression_error"],"set":{"why":"{{ steps.call.error.detail.status }}"}}])"), "context.why")));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(OutputOf(run), "\"FAILED\"");
  EXPECT_THAT(CallOf(run).error->message, testing::HasSubstr("ended FAILED"));
}

TEST_F(OthersTest, ARetryIsAnotherRun) {
  const std::string child = bench.AddWorkflow(Steps(Transform("1 / 0")));
  const std::string run =
      bench.Begin(bench.AddWorkflow(Steps(Call(child, R"(,"retry":{"max":1,"backoff_ms":1,"on":["expression_error","plugin_error"]})"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(RunsOf(child).size(), 1u);  // an expression_error ends the same way every time

  bench.runner.script = [](const AttemptOrder& order) {
    AttemptFinished result{.key = order.key};
    result.outcome = AttemptFinished::Outcome::kFailed;
    result.error = {"network", "gone", true, ""};
    return result;
  };
  const std::string other = bench.AddWorkflow(Steps(HttpStep("a")));
  const std::string again = bench.Begin(bench.AddWorkflow(Steps(Call(other, R"(,"retry":{"max":2,"backoff_ms":1})"))));
  ASSERT_TRUE(bench.WaitForStatus(again, RunStatus::kFailed));
  EXPECT_EQ(RunsOf(other).size(), 3u);
}

TEST_F(OthersTest, WhatCannotBeStartedFailsTheStepAtOnce) {
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(Call("nowhere"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(CallOf(run).error->code, "input_invalid");
  EXPECT_THAT(CallOf(run).error->message, testing::HasSubstr("there is no workflow \"nowhere\""));
  EXPECT_NE(CallOf(run).wait, StepWait::kRun);  // there is no such run to be shown

  const std::string strict =
      bench.AddWorkflow(R"({"name":"s","input_schema":{"type":"object","required":["n"]},"steps":[)" + Transform("1") + "]}");
  const std::string unfit = bench.Begin(bench.AddWorkflow(Steps(Call(strict))));
  ASSERT_TRUE(bench.WaitForStatus(unfit, RunStatus::kFailed));
  EXPECT_THAT(CallOf(unfit).error->message, testing::HasSubstr("/context"));
  EXPECT_TRUE(RunsOf(strict).empty());
}

TEST_F(OthersTest, AWorkflowThatStartsItselfEnds) {
  const std::string id = bench.ids.New(kWorkflowPrefix);
  Change change;
  change.new_workflows.push_back({.id = id, .key = "self", .name = "self"});
  change.new_versions.push_back({bench.ids.New(kVersionPrefix), id, 1, Steps(Call("self"))});
  const Change* changes[] = {&change};
  ASSERT_TRUE(bench.store.Commit(changes).ok());
  const std::string run = bench.Begin(id);
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(RunsOf(id).size(), 9u);  // it and eight below it
  for (const orc::Run& each : RunsOf(id)) EXPECT_EQ(each.progress.status, RunStatus::kFailed);
}

TEST_F(OthersTest, ACancelReachesTheSubWorkflowAndWaitsForIt) {
  bench.runner.obeys_cancel = false;
  const std::string child = bench.AddWorkflow(Steps(HttpStep("a")));
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(Call(child) + "," + HttpStep("b"))));
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  ASSERT_TRUE(bench.Submit(run, CancelRequested{.actor = "ana"}).ok());
  ASSERT_TRUE(bench.WaitForStatus(order->key.run_id, RunStatus::kCanceling));
  EXPECT_EQ(bench.StatusOf(run), RunStatus::kCanceling);
  AttemptFinished stopped{.key = order->key};
  stopped.outcome = AttemptFinished::Outcome::kCanceled;
  bench.runner.Finish(stopped);
  EXPECT_TRUE(bench.WaitForStatus(order->key.run_id, RunStatus::kCanceled));
  EXPECT_TRUE(bench.WaitForStatus(run, RunStatus::kCanceled));
  EXPECT_EQ(CallOf(run).status, StepStatus::kCanceled);
  EXPECT_TRUE(NoMailIsLeft());
}

TEST_F(OthersTest, TheTimeOfTheStepEndsTheSubWorkflow) {
  const std::string child = bench.AddWorkflow(Steps(HttpStep("a")));
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(Call(child, R"(,"timeout_ms":30)"))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(CallOf(run).error->code, "timeout");
  EXPECT_TRUE(Eventually([&] { return RunsOf(child)[0].progress.status == RunStatus::kCanceled; }));
}

TEST_F(OthersTest, ManyKillsLoseNoSubWorkflowAndStartNoneTwice) {
  const std::string leaf = bench.AddWorkflow(WithOutput(HttpStep("a") + "," + HttpStep("b"), "steps.b.output"));
  const std::string middle = bench.AddWorkflow(WithOutput(Call(leaf), "steps.call.output"));
  const std::string root =
      bench.AddWorkflow(WithOutput(Call(middle, R"(,"for_each":"[0,1,2,3,4,5,6,7,8,9,10,11]","concurrency":4)"), "steps.call.output"));
  bench.runner.script = [](const AttemptOrder& order) { return AttemptFinished{.key = order.key, .output = "7"}; };
  std::vector<std::string> runs;
  for (int i = 0; i < 3; ++i) runs.push_back(bench.Begin(root));
  for (int kill = 0; kill < 12; ++kill) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kill));
    bench.Restart();
  }
  for (const std::string& run : runs) {
    ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded)) << ToText(bench.StatusOf(run));
    EXPECT_EQ(OutputOf(run), "[7,7,7,7,7,7,7,7,7,7,7,7]");
  }
  EXPECT_EQ(RunsOf(middle).size(), 36u);
  EXPECT_EQ(RunsOf(leaf).size(), 36u);
  std::set<std::string> keys;
  for (const AttemptOrder& order : bench.runner.started()) keys.insert(order.idempotency_key);
  EXPECT_EQ(keys.size(), 72u);
  EXPECT_TRUE(NoMailIsLeft());
}

TEST_F(OthersTest, AnEndedSubWorkflowStaysUntilItsParentHasHeard) {
  const std::string child =
      bench.AddWorkflow(R"({"name":"c","retention":{"succeeded":"0s"},"output":"7","steps":[)" + HttpStep("a") + "]}");
  const std::string run = bench.Begin(bench.AddWorkflow(WithOutput(Call(child), "steps.call.output")));
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  std::atomic<bool> holds{true};
  bench.store.JudgeCommits([&](std::span<const Change* const> changes) -> std::optional<std::pair<FaultyStore::When, Error>> {
    for (const Change* change : changes) {
      const bool is_parents =
          std::any_of(change->run_updates.begin(), change->run_updates.end(), [&](const RunUpdate& update) { return update.id == run; });
      if (is_parents && holds) return std::pair(FaultyStore::When::kBeforeWriting, Error{ErrorCode::kUnavailable, "away"});
    }
    return std::nullopt;
  });
  bench.runner.Succeed(order->key);
  ASSERT_TRUE(bench.WaitForStatus(order->key.run_id, RunStatus::kSucceeded));
  bench.Restart();  // it looks for expired runs at once
  holds = false;
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(OutputOf(run), "7");
}

TEST_F(OthersTest, AnOutageBetweenChildAndParentLosesNothing) {
  const std::string child = bench.AddWorkflow(WithOutput(HttpStep("a"), "steps.a.output"));
  const std::string run = bench.Begin(bench.AddWorkflow(WithOutput(Call(child), "steps.call.output")));
  const auto order = bench.runner.WaitForStart(1);
  ASSERT_TRUE(order);
  std::atomic<int> refused{0};
  bench.store.JudgeCommits([&](std::span<const Change* const> changes) -> std::optional<std::pair<FaultyStore::When, Error>> {
    for (const Change* change : changes) {
      const bool is_parents =
          std::any_of(change->run_updates.begin(), change->run_updates.end(), [&](const RunUpdate& update) { return update.id == run; });
      if (is_parents && refused++ < 2) {
        return std::pair(refused == 1 ? FaultyStore::When::kBeforeWriting : FaultyStore::When::kAfterWriting,
                         Error{ErrorCode::kUnavailable, "away"});
      }
    }
    return std::nullopt;
  });
  bench.runner.Finish({.key = order->key, .output = "5"});
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kSucceeded));
  EXPECT_EQ(OutputOf(run), "5");
  EXPECT_GE(refused, 2);
}

TEST_F(OthersTest, AFailureStartsItsWorkflowOnce) {
  const std::string handler = bench.AddWorkflow(WithOutput(Transform("context.failed_run.error_code"), "steps.t.output"));
  const std::string run = bench.Begin(bench.AddWorkflow(
      R"({"name":"f","on_failure":")" + handler + R"(","steps":[{"id":"t","name":"t","action":"transform","input":{"expr":"1 / 0"}}]})"));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  ASSERT_TRUE(Eventually([&] { return RunsOf(handler).size() == 1 && IsTerminal(RunsOf(handler)[0].progress.status); }));
  EXPECT_EQ(OutputOf(RunsOf(handler)[0].identity.id), "\"expression_error\"");
  ASSERT_TRUE(bench.Submit(run, RetryRequested{"ana"}).ok());
  EXPECT_TRUE(Eventually([&] { return RunsOf(handler).size() == 2; }));  // once per attempt of the run
  const std::string lost = bench.Begin(bench.AddWorkflow(
      R"({"name":"f","on_failure":"nobody","steps":[{"id":"t","name":"t","action":"transform","input":{"expr":"1 / 0"}}]})"));
  ASSERT_TRUE(bench.WaitForStatus(lost, RunStatus::kFailed));
  EXPECT_THAT(bench.store.ReadLogs(lost, 0, 10)->back().text, testing::HasSubstr("on_failure: the workflow \"nobody\" was not started"));
}

TEST_F(OthersTest, BeyondItsLimitARunWaitsForAPlace) {
  const std::string workflow = bench.AddWorkflow(Limited(R"("concurrency_key":"context.tenant","limit":2)"));
  const std::string first = BeginWith(workflow, R"({"tenant":"a"})");
  const std::string second = BeginWith(workflow, R"({"tenant":"a"})");
  const std::string third = BeginWith(workflow, R"({"tenant":"a"})");
  const std::string fourth = BeginWith(workflow, R"({"tenant":"a"})");
  const std::string other = BeginWith(workflow, R"({"tenant":"b"})");
  EXPECT_EQ(bench.StatusOf(first), RunStatus::kRunning);
  EXPECT_EQ(bench.StatusOf(second), RunStatus::kRunning);
  EXPECT_EQ(bench.StatusOf(third), RunStatus::kWaiting);
  EXPECT_EQ(bench.StatusOf(other), RunStatus::kRunning);
  bench.Restart();  // who waits is on the disk
  EXPECT_EQ(bench.StatusOf(third), RunStatus::kWaiting);
  ASSERT_TRUE(bench.Submit(third, CancelRequested{}).ok());
  EXPECT_EQ(bench.StatusOf(third), RunStatus::kCanceled);
  EXPECT_EQ(bench.StatusOf(fourth), RunStatus::kWaiting);
  ASSERT_TRUE(Eventually([&] { return bench.Submit(first, CancelRequested{.force = true}).ok(); }));
  EXPECT_TRUE(bench.WaitForStatus(fourth, RunStatus::kRunning));
  EXPECT_EQ(bench.StatusOf(second), RunStatus::kRunning);
}

TEST_F(OthersTest, ARejectedRunLeavesNothingBehind) {
  const std::string workflow = bench.AddWorkflow(Limited(R"("limit":1,"on_limit":"reject")"));
  const std::string first = bench.Begin(workflow);
  const Result<RunSnapshot> second = bench.Create(EngineBench::RunOf(workflow));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(RunsOf(workflow).size(), 1u);
  bench.runner.Succeed(bench.runner.WaitForStart(1)->key);
  ASSERT_TRUE(bench.WaitForStatus(first, RunStatus::kSucceeded));
  EXPECT_TRUE(Eventually([&] { return bench.Create(EngineBench::RunOf(workflow)).ok(); }));
}

TEST_F(OthersTest, ASubWorkflowBeyondARejectingLimitFailsItsStep) {
  const std::string child = bench.AddWorkflow(Limited(R"("limit":1,"on_limit":"reject")"));
  bench.Begin(child);
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(Call(child))));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_EQ(CallOf(run).error->code, "limit_reached");
}

TEST_F(OthersTest, ASubWorkflowDoesNotWaitForThePlaceOfItsOwnParent) {
  const std::string id = bench.ids.New(kWorkflowPrefix);
  Change change;
  change.new_workflows.push_back({.id = id, .key = "self", .name = "self"});
  change.new_versions.push_back({bench.ids.New(kVersionPrefix), id, 1, R"({"name":"self","limit":1,"steps":[)" + Call("self") + "]}"});
  const Change* changes[] = {&change};
  ASSERT_TRUE(bench.store.Commit(changes).ok());
  const std::string run = bench.Begin(id);
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_THAT(CallOf(run).error->message, testing::HasSubstr("the place under its limit"));
}

TEST_F(OthersTest, TheOldestMakesWay) {
  const std::string workflow = bench.AddWorkflow(Limited(R"("limit":1,"on_limit":"cancel_oldest")"));
  const std::string first = bench.Begin(workflow);
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  const std::string second = bench.Begin(workflow);
  EXPECT_TRUE(bench.WaitForStatus(first, RunStatus::kCanceled));
  EXPECT_TRUE(bench.WaitForStatus(second, RunStatus::kRunning));
  bench.runner.obeys_cancel = false;
  ASSERT_TRUE(bench.runner.WaitForStart(2));
  const std::string third = bench.Begin(workflow);
  const std::string fourth = bench.Begin(workflow);
  EXPECT_TRUE(bench.WaitForStatus(third, RunStatus::kCanceled));  // it had not begun
  EXPECT_EQ(bench.StatusOf(second), RunStatus::kCanceling);
  EXPECT_EQ(bench.StatusOf(fourth), RunStatus::kWaiting);
  ASSERT_TRUE(bench.Submit(second, CancelRequested{.force = true}).ok());
  EXPECT_TRUE(bench.WaitForStatus(fourth, RunStatus::kRunning));
  EXPECT_TRUE(NoMailIsLeft());
}

TEST_F(OthersTest, ARefusedRetryHasNobodyMakeWay) {
  const std::string workflow =
      bench.AddWorkflow(R"({"name":"test","limit":1,"on_limit":"cancel_oldest","steps":[)" +
                        HttpStep("a", R"(,"compensate":{"action":"transform","input":{"expr":"1"}})") + "," + HttpStep("b") + "]}");
  const std::string undone = bench.Begin(workflow);
  bench.runner.Succeed(bench.runner.WaitForStart(1)->key);
  AttemptFinished failed{.key = bench.runner.WaitForStart(2)->key};
  failed.outcome = AttemptFinished::Outcome::kFailed;
  failed.error = {"http_status", "500", false, ""};
  bench.runner.Finish(failed);
  ASSERT_TRUE(bench.WaitForStatus(undone, RunStatus::kFailed));
  const std::string live = bench.Begin(workflow);
  EXPECT_EQ(bench.Submit(undone, RetryRequested{"ana"}).error().code, ErrorCode::kConflict);  // its compensation has begun
  const std::string next = bench.Begin(workflow);
  EXPECT_TRUE(bench.WaitForStatus(live, RunStatus::kCanceled));
  EXPECT_TRUE(bench.WaitForStatus(next, RunStatus::kRunning));
}

TEST_F(OthersTest, AContextThatCouldNotBeReadAgainFailsItsStep) {
  std::string steps;
  for (int i = 0; i < 70; ++i) {
    const std::string n = std::to_string(i);
    steps += std::string(i == 0 ? "" : ",") + R"({"id":"s)" + n + R"(","name":"s)" + n +
             R"(","action":"transform","input":{"set":{"s":["{{ context.?s.orValue(0) }}"]}}})";
  }
  const std::string run = bench.Begin(bench.AddWorkflow(Steps(steps)));
  ASSERT_TRUE(bench.WaitForStatus(run, RunStatus::kFailed));
  EXPECT_THAT(bench.store.GetRunProgress(run)->error, testing::HasSubstr("nested deeper than 64 levels"));
}

TEST_F(OthersTest, ARunThatIsTriedAgainWaitsForAPlaceToo) {
  const std::string workflow = bench.AddWorkflow(Limited(R"("limit":1)"));
  const std::string first = bench.Begin(workflow);
  AttemptFinished failed{.key = bench.runner.WaitForStart(1)->key};
  failed.outcome = AttemptFinished::Outcome::kFailed;
  failed.error = {"http_status", "500", false, ""};
  bench.runner.Finish(failed);
  ASSERT_TRUE(bench.WaitForStatus(first, RunStatus::kFailed));
  const std::string second = bench.Begin(workflow);
  ASSERT_TRUE(bench.Submit(first, RetryRequested{"ana"}).ok());
  EXPECT_EQ(bench.StatusOf(first), RunStatus::kWaiting);
  bench.runner.Succeed(bench.runner.WaitForStart(2)->key);
  ASSERT_TRUE(bench.WaitForStatus(second, RunStatus::kSucceeded));
  const auto again = bench.runner.WaitForStart(3);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key.run_id, first);
  bench.runner.Succeed(again->key);
  EXPECT_TRUE(bench.WaitForStatus(first, RunStatus::kSucceeded));
}

TEST_F(OthersTest, AKeyThatCannotBeEvaluatedRefusesTheRun) {
  const std::string workflow = bench.AddWorkflow(Limited(R"("concurrency_key":"context.tenant")"));
  const Result<RunSnapshot> made = bench.Create(EngineBench::RunOf(workflow));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(made.error().message, testing::HasSubstr("concurrency_key"));
}

TEST_F(OthersTest, EndedRunsGoWhenTheyWereKeptLongEnough) {
  const std::string brief = bench.AddWorkflow(R"({"name":"b","retention":{"succeeded":"0s"},"steps":[)" + Transform("1") + "]}");
  const std::string kept = bench.AddWorkflow(R"({"name":"k","retention":{"failed":"0s"},"steps":[)" + Transform("1") + "]}");
  const std::string gone = bench.Begin(brief);
  const std::string stays = bench.Begin(kept);
  ASSERT_TRUE(bench.WaitForStatus(stays, RunStatus::kSucceeded));
  bench.Restart();  // it looks at once
  EXPECT_TRUE(Eventually([&] { return !bench.store.GetRun(gone).ok(); }));
  EXPECT_TRUE(bench.store.GetRun(stays).ok());
}

}  // namespace
}  // namespace orc::test
