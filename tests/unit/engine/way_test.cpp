// The stations of a step's way, one by one: if, needs, for_each, repeat, retry, catch, gate.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Workflow(const std::string& steps, const std::string& rest = "") {
  return R"({"name":"w","steps":[)" + steps + "]" + rest + "}";
}
std::string Http(const std::string& id, const std::string& fields = "") {
  return R"({"id":")" + id + R"(","name":")" + id + R"(","action":"http","input":{"n":1})" + fields + "}";
}

TEST(WayTest, AStepWhoseConditionDoesNotHoldIsSkipped) {
  CaseRun run(Workflow(Http("a", R"(,"if":"context.n > 1")") + "," + Http("b")), R"({"n":1})");
  run.Begin();
  EXPECT_EQ(run.StatusOf(0), StepStatus::kSkipped);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kRunning);
  EXPECT_THAT(run.HistoryTypes(), ElementsAre("run.started", "step.skipped", "step.started"));
}

TEST(WayTest, AConditionThatFailsSaysWhere) {
  CaseRun run(Workflow(Http("a", R"(,"if":"context.n > 1")")));
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  const StepError& error = *run.run.FindStep({0, -1})->error;
  EXPECT_EQ(error.code, "expression_error");
  EXPECT_EQ(error.message, "if: column 1: context: there is no member \"n\"");
  EXPECT_EQ(J(error.detail), J(R"({"source":"context.n > 1","line":1,"column":1,"cause":"column 1: context: there is no member \"n\""})"));
}

TEST(WayTest, AGraphBeginsWhatItsNeedsAllow) {
  CaseRun run(Workflow(Http("a", R"(,"needs":[])") + "," + Http("b", R"(,"needs":[])") + "," + Http("c", R"(,"needs":["a","b"])") + "," +
                       Http("d", R"(,"needs":["a"])")));
  EXPECT_EQ(run.Begin().commands.size(), 2u);
  ASSERT_EQ(run.Succeed(0).commands.size(), 1u);
  EXPECT_EQ(run.decision.commands[0].key.step, 3u);
  EXPECT_EQ(run.Succeed(1).commands.at(0).key.step, 2u);
  run.Succeed(2);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  run.Succeed(3);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(WayTest, AFailureLetsFinishWhatRunsAndBeginsNothing) {
  CaseRun run(Workflow(Http("a", R"(,"needs":[])") + "," + Http("b", R"(,"needs":[])") + "," + Http("c", R"(,"needs":["b"])")));
  run.Begin();
  EXPECT_TRUE(run.Fail(0).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  EXPECT_TRUE(run.Succeed(1).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kSucceeded);
  EXPECT_EQ(run.StatusOf(2), StepStatus::kSkipped);
}

TEST(WayTest, ItemsRunConcurrentlyAndTheirOutputsAreInTheListsOrder) {
  const std::string loop =
      R"({"id":"a","name":"a","action":"http","for_each":"context.list","concurrency":2,"input":{"v":"{{ item }}-{{ index }}"}})";
  const std::string reader = R"x({"id":"b","name":"b","action":"transform","input":{"expr":"steps.a.output.map(o, o.v)"}})x";
  CaseRun run(Workflow(loop + "," + reader), R"({"list":["x","y","z"]})");
  EXPECT_EQ(run.Begin().commands.size(), 2u);
  EXPECT_EQ(J(run.decision.commands[1].input), J(R"({"v":"y-1"})"));
  const auto succeed = [&](int32_t item) -> const Decision& {
    return run.On(AttemptFinished{.key = run.Key(0, item), .output = R"({"v":)" + std::to_string(item) + "}"});
  };
  EXPECT_EQ(succeed(1).commands.at(0).key.item, 2);
  succeed(2);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  succeed(0);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.OutputOf(1), "[0,1,2]");
}

TEST(WayTest, AnItemThatFailsFailsTheLoopOrIsLeftOut) {
  const std::string loop = R"(,"for_each":"[1, 2, 3]","concurrency":1)";
  CaseRun fails(Workflow(Http("a", loop)));
  fails.Begin();
  fails.On(fails.Failure(0, "x"));  // of no item: nothing
  AttemptFinished failure = fails.Failure(0, "http_status");
  failure.key = fails.Key(0, 0);
  EXPECT_TRUE(fails.On(failure).commands.empty());
  EXPECT_EQ(fails.status(), RunStatus::kFailed);
  EXPECT_EQ(fails.run.FindStep({0, -1})->error->message, "item 0: it broke");

  const std::string reader = R"x(,{"id":"b","name":"b","action":"transform","input":{"expr":"steps.a.output"}})x";
  CaseRun goes_on(Workflow(Http("a", loop + R"(,"on_item_error":"continue")") + reader));
  goes_on.Begin();
  failure.key = goes_on.Key(0, 0);
  failure.output = R"({"why":"an answer that came whole"})";
  EXPECT_EQ(goes_on.On(failure).commands.size(), 1u);
  for (int32_t item : {1, 2}) goes_on.On(AttemptFinished{.key = goes_on.Key(0, item), .output = "7"});
  EXPECT_EQ(goes_on.status(), RunStatus::kSucceeded);
  EXPECT_EQ(goes_on.run.FindStep({0, -1})->loop.failed, 1);
  EXPECT_EQ(goes_on.OutputOf(1), "[null,7,7]");
  EXPECT_EQ(goes_on.OutputOf(0, 0), failure.output);  // kept, for people
}

TEST(WayTest, AFailedItemHasNoOutputWhateverItWasAnswered) {
  const std::string loop = R"(,"for_each":"[1, 2]","on_item_error":"continue")";
  const std::string reads = R"({"id":"b","name":"b","action":"transform"%,"input":{"expr":"steps.a.output"}})";
  for (const std::string gate : {"", R"(,"requires_approval":true)"}) {
    std::string second = reads;
    second.replace(second.find('%'), 1, gate);
    CaseRun run(Workflow(Http("a", loop) + "," + second));
    run.Begin();
    AttemptFinished failure = run.Failure(0, "http_status");
    failure.key = run.Key(0, 0);
    failure.output = R"({"detail":"no"})";
    run.On(failure);
    run.On(AttemptFinished{.key = run.Key(0, 1), .output = "7"});
    if (!gate.empty()) run.Approve();
    EXPECT_EQ(run.OutputOf(1), "[null,7]") << gate;
  }
}

TEST(WayTest, AnEmptyListIsOverAtOnce) {
  CaseRun run(
      Workflow(Http("a", R"(,"for_each":"[]")") + R"(,{"id":"b","name":"b","action":"transform","input":{"expr":"steps.a.output"}})"));
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.OutputOf(1), "[]");
}

std::string LoopOver(int count) {
  return R"x({"id":"a","name":"a","action":"transform","for_each":"lists.range()x" + std::to_string(count) +
         R"x()","input":{"expr":"item * 2"}})x";
}

TEST(WayTest, TenThousandItemsThatEndAtOnceAreOneDecision) {
  CaseRun run(Workflow(LoopOver(10'000)));
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.run.FindStep({0, -1})->loop.ended, 10'000);
  CaseRun over(Workflow(LoopOver(10'001)));
  over.Begin();
  EXPECT_THAT(over.run.progress.error, HasSubstr("at most 10000 items, found 10001"));
}

TEST(WayTest, RepeatAsksAgainUntilItHolds) {
  CaseRun run(Workflow(Http("a", R"(,"repeat":{"until":"output.done","every_ms":500,"max":3})")));
  run.Begin();
  EXPECT_TRUE(run.Succeed(0, R"({"done":false})").commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kWaiting);
  ASSERT_EQ(run.After(500).commands.size(), 1u);
  EXPECT_EQ(run.decision.commands[0].key.round, 1);
  run.Succeed(0, R"({"done":true})");
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(WayTest, RepeatThatRunsOutFails) {
  CaseRun run(Workflow(Http("a", R"(,"repeat":{"until":"false","every_ms":0,"max":2})")));
  run.Begin();
  run.Succeed(0);
  run.After(1);
  run.Succeed(0);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "repeat_exhausted");
}

TEST(WayTest, RetryGrowsAndKeepsToItsBudget) {
  CaseRun run(Workflow(Http("a", R"(,"retry":{"max":9,"backoff_ms":100,"factor":3,"max_backoff_ms":500,"budget_ms":1000})")));
  run.Begin();
  std::vector<int64_t> waits;
  while (run.status() != RunStatus::kFailed) {
    run.Fail(0);
    if (run.status() == RunStatus::kFailed) break;
    waits.push_back((run.run.progress.wake_us - run.now_us) / 1000);
    run.After(waits.back());
  }
  EXPECT_THAT(waits, ElementsAre(100, 300, 500));  // another 500 would be over the budget
}

TEST(WayTest, RetryOnlyWhatItNames) {
  const auto retries = [](const std::string& code, int32_t status) {
    CaseRun run(Workflow(Http("a", R"(,"retry":{"max":1,"on":["5xx","network"]})")));
    run.Begin();
    AttemptFinished failure = run.Failure(0, code);
    failure.http_code = status;
    run.On(failure);
    return run.status() == RunStatus::kWaiting;
  };
  EXPECT_TRUE(retries("http_status", 503));
  EXPECT_FALSE(retries("http_status", 404));
  EXPECT_TRUE(retries("network", 0));
  EXPECT_FALSE(retries("timeout", 0));
}

TEST(WayTest, CatchGoesOnOrElsewhere) {
  CaseRun run(Workflow(Http("a", R"(,"catch":[{"on":["404"],"goto":"c"},{"set":{"why":"{{ steps.a.error.code }}"}}])") + "," + Http("b") +
                       "," + Http("c")));
  run.Begin();
  AttemptFinished failure = run.Failure(0, "http_status");
  failure.http_code = 404;
  EXPECT_EQ(run.On(failure).commands.at(0).key.step, 2u);
  EXPECT_TRUE(run.run.FindStep({0, -1})->caught);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kSkipped);
  run.Succeed(2);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);

  CaseRun set(Workflow(Http("a", R"(,"catch":[{"on":["404"],"goto":"c"},{"set":{"why":"{{ steps.a.error.code }}"}}])") + "," + Http("b") +
                       "," + Http("c")));
  set.Begin();
  EXPECT_EQ(set.Fail(0, "timeout").commands.at(0).key.step, 1u);
  EXPECT_EQ(*set.run.context, J(R"({"why":"timeout"})"));
}

TEST(WayTest, AGateTakesAQuorumFromPeopleItNames) {
  CaseRun run(Workflow(Http(
      "a", R"(,"requires_approval":{"approvers":["role:release","user:ana"],"count":2,"form":{"type":"object","required":["why"]}})")));
  run.run.identity.created_by = "eve";
  run.Begin();
  const auto decide = [&](const std::string& name, std::vector<std::string> roles, const std::string& input, bool approved = true) {
    return run.On(
        GateDecided{"", {.approved = approved, .input = input}, {.name = name, .roles = std::move(roles), .is_authenticated = true}});
  };
  EXPECT_EQ(decide("bob", {"dev"}, R"({"why":"x"})").refused->code, ErrorCode::kForbidden);
  EXPECT_EQ(decide("eve", {"release"}, R"({"why":"x"})").refused->code, ErrorCode::kForbidden);  // her own run
  EXPECT_EQ(decide("ana", {}, "{}").refused->problems.at(0).pointer, "/input");
  EXPECT_TRUE(decide("ana", {}, R"({"why":"x"})").commands.empty());
  EXPECT_FALSE(decide("ana", {}, R"({"why":"x"})").changed);  // said before
  EXPECT_EQ(decide("ana", {}, R"({"why":"y"})").refused->code, ErrorCode::kConflict);
  EXPECT_EQ(decide("kim", {"release"}, R"({"why":"z"})").commands.size(), 1u);
  EXPECT_FALSE(decide("kim", {"release"}, R"({"why":"z"})").refused);  // also after it closed
}

TEST(WayTest, AGateThatNobodyDecidesCloses) {
  for (const auto& [word, status] :
       {std::pair("reject", RunStatus::kFailed), std::pair("approve", RunStatus::kRunning), std::pair("fail", RunStatus::kFailed)}) {
    CaseRun run(Workflow(Http("a", R"(,"requires_approval":{"timeout_ms":100,"on_timeout":")" + std::string(word) + R"("})")));
    run.Begin();
    EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
    run.After(100);
    EXPECT_EQ(run.status(), status) << word;
  }
}

TEST(WayTest, WhatARunWentPastIsSkippedForExpressionsToo) {
  CaseRun run(R"x({"name":"w","output":"[steps.m.status, steps.z.status]","steps":[
      {"id":"b","name":"b","action":"transform","input":{"expr":"1 / 0"},"catch":[{"goto":"z"}]},
      {"id":"m","name":"m","action":"transform","input":{"expr":"1"}},
      {"id":"z","name":"z","action":"transform","input":{"expr":"2"}}]})x");
  run.Begin();
  EXPECT_EQ(run.OutputOf(-1), R"(["SKIPPED","SUCCEEDED"])");
}

TEST(WayTest, FinallyKnowsHowTheRunEndsAndALoopHowManyItemsFailed) {
  CaseRun run(R"x({"name":"w","steps":[
      {"id":"l","name":"l","action":"transform","for_each":"[1, 0, 2]","on_item_error":"continue","input":{"expr":"4 / item"}},
      {"id":"b","name":"b","action":"transform","input":{"expr":"1 / 0"}}],
      "finally":[{"id":"f","name":"f","action":"transform","input":{"expr":"run.outcome + string(steps.l.items.failed)"}}]})x");
  run.Begin();
  EXPECT_EQ(run.OutputOf(2), "\"FAILED1\"");
}

TEST(WayTest, TheTimeOfAStepIsTheTimeOfItsSignal) {
  CaseRun run(R"x({"name":"w","steps":[{"id":"s","name":"s","action":"wait","timeout_ms":100,"input":{"signal":"go"}}]})x");
  run.Begin();
  run.After(100);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.progress.error, "the signal \"go\" did not come in time");
}

}  // namespace
}  // namespace orc::test
