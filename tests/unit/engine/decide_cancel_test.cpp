// Cancelling, at any moment.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kTwoSteps = R"({"name":"two","steps":[
  {"id":"a","name":"a","action":"http","input":{},"retry":{"max":2}},
  {"id":"b","name":"b","action":"http","input":{}}]})";

TEST(DecideCancelTest, AnAttemptUnderWayIsToldAndWaitedFor) {
  CaseRun run(kTwoSteps);
  run.Begin();
  const Decision& canceling = run.On(CancelRequested{.actor = "ana"});
  ASSERT_EQ(canceling.commands.size(), 1u);
  EXPECT_EQ(canceling.commands[0].kind, Command::Kind::kCancelAttempt);
  EXPECT_EQ(canceling.commands[0].key, run.Key(0));
  EXPECT_EQ(run.status(), RunStatus::kCanceling);
  EXPECT_EQ(run.run.progress.wake_us, run.now_us + 10'000'000);

  run.On(AttemptFinished{.key = run.Key(0), .outcome = AttemptFinished::Outcome::kCanceled});
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kCanceled);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kCanceled);
  EXPECT_EQ(run.run.FindStep({1, -1}), nullptr);
  EXPECT_THAT(run.HistoryTypes(), ElementsAre("run.started", "step.started", "run.canceling", "step.canceled", "run.canceled"));
}

TEST(DecideCancelTest, ASuccessThatComesDuringTheCancelStartsNothing) {  // defect 2
  CaseRun run(kTwoSteps);
  run.Begin();
  run.On(CancelRequested{});
  EXPECT_TRUE(run.Succeed(0).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kSucceeded);  // it has been done: a compensation would have to undo it
  EXPECT_EQ(run.StatusOf(1), StepStatus::kCanceled);
}

TEST(DecideCancelTest, AfterTheGraceTheRunEndsWithoutTheAttempt) {
  CaseRun run(kTwoSteps);
  run.Begin();
  const AttemptKey key = run.Key(0);
  run.On(CancelRequested{.grace_ms = 2'000});
  EXPECT_FALSE(run.After(1'999).changed);
  run.After(1);
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
  EXPECT_EQ(run.run.progress.wake_us, 0);
  EXPECT_FALSE(run.On(AttemptFinished{.key = key, .output = "1"}).changed);
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
}

TEST(DecideCancelTest, ForceDoesNotWait) {
  CaseRun run(kTwoSteps);
  run.Begin();
  run.On(CancelRequested{.force = true});
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
  EXPECT_TRUE(run.run.progress.cancel_forced);
  EXPECT_EQ(run.decision.commands.size(), 1u);
}

TEST(DecideCancelTest, ForceEndsACancelUnderWay) {
  CaseRun run(kTwoSteps);
  run.Begin();
  run.On(CancelRequested{});
  run.On(CancelRequested{.force = true});
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
}

TEST(DecideCancelTest, WaitingStepsAndGatesEndAtOnce) {
  CaseRun waiting(kTwoSteps);
  waiting.Begin();
  waiting.Fail(0);
  ASSERT_EQ(waiting.status(), RunStatus::kWaiting);
  EXPECT_TRUE(waiting.On(CancelRequested{}).commands.empty());
  EXPECT_EQ(waiting.status(), RunStatus::kCanceled);
  EXPECT_FALSE(waiting.After(1'000'000).changed);

  CaseRun gate(R"({"name":"gate","steps":[{"id":"a","name":"x","action":"http","input":{},"requires_approval":true}]})");
  gate.Begin();
  gate.On(CancelRequested{});
  EXPECT_EQ(gate.status(), RunStatus::kCanceled);
  EXPECT_EQ(gate.Approve().refused->code, ErrorCode::kConflict);
}

TEST(DecideCancelTest, APendingRunEndsAtOnce) {
  CaseRun run(kTwoSteps);
  run.On(CancelRequested{});
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
  EXPECT_FALSE(run.Begin().changed);
}

TEST(DecideCancelTest, ACancelledRunTakesAnotherCancelAnEndedOneDoesNot) {
  CaseRun run(kTwoSteps);
  run.Begin();
  run.On(CancelRequested{});
  EXPECT_FALSE(run.On(CancelRequested{}).changed);
  EXPECT_FALSE(run.decision.refused);
  run.On(CancelRequested{.force = true});
  EXPECT_FALSE(run.On(CancelRequested{}).refused);

  CaseRun over(R"({"name":"none","steps":[]})");
  over.Begin();
  ASSERT_TRUE(over.On(CancelRequested{}).refused);
  EXPECT_EQ(over.decision.refused->code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace orc::test
