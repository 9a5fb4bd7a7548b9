// Approvals.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kTwoGates = R"({"name":"gates","steps":[
  {"id":"a","name":"first","action":"http","input":{},"requires_approval":true},
  {"id":"b","name":"second","action":"http","input":{},"requires_approval":true}]})";

TEST(DecideGateTest, TheGateComesBeforeTheStep) {
  CaseRun run(kTwoGates);
  EXPECT_TRUE(run.Begin().commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kWaitingApproval);
  ASSERT_EQ(run.Approve().commands.size(), 1u);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  EXPECT_EQ(run.run.FindStep({0, -1})->approvals.back().actor, "ana");
  EXPECT_EQ(run.run.FindStep({0, -1})->approvals.back().at_us, run.now_us);
}

TEST(DecideGateTest, SeveralGatesInOneRunArePassedOneAfterTheOther) {  // defect 3
  CaseRun run(kTwoGates);
  run.Begin();
  run.Approve();
  run.Succeed(0);
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kWaitingApproval);
  ASSERT_EQ(run.Approve().commands.size(), 1u);
  run.Succeed(1);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_THAT(run.HistoryTypes(), ElementsAre("run.started", "step.waiting_approval", "run.waiting_approval", "step.approved",
                                              "step.started", "step.succeeded", "step.waiting_approval", "run.waiting_approval",
                                              "step.approved", "step.started", "step.succeeded", "run.succeeded"));
  EXPECT_EQ(StringAt(J(run.history[2].payload), "status"), "WAITING_APPROVAL");
  EXPECT_EQ(StringAt(J(run.history[3].payload), "actor"), "ana");
}

TEST(DecideGateTest, PolicyGatesEveryStepBuiltInsToo) {
  CaseRun run(R"({"name":"policy","steps":[{"id":"a","name":"t","action":"transform","input":{"set":{"x":1}}},
    {"id":"b","name":"h","action":"http","input":{}}]})");
  run.run.identity.approve_every_step = true;
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  EXPECT_TRUE(run.Approve().commands.empty());
  EXPECT_EQ(run.StatusOf(0), StepStatus::kSucceeded);
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  EXPECT_EQ(run.Approve().commands.size(), 1u);
}

TEST(DecideGateTest, ARejectionFailsTheStepAndTheRun) {
  CaseRun run(R"({"name":"gate","steps":[{"id":"a","name":"x","action":"http","input":{},"requires_approval":true,"retry":{"max":3}}]})");
  run.Begin();
  run.Reject("ben", "not today");
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "rejected");
  EXPECT_THAT(run.run.progress.error, HasSubstr("not today"));
  EXPECT_THAT(run.HistoryTypes(),
              ElementsAre("run.started", "step.waiting_approval", "run.waiting_approval", "step.rejected", "step.failed", "run.failed"));
}

TEST(DecideGateTest, WithNoGateOpenADecisionIsRefused) {
  CaseRun run(R"({"name":"open","steps":[{"id":"a","name":"x","action":"http","input":{}}]})");
  run.Begin();
  ASSERT_TRUE(run.Approve().refused);
  EXPECT_EQ(run.decision.refused->code, ErrorCode::kConflict);
  ASSERT_TRUE(run.Approve("a").refused);
  EXPECT_EQ(run.decision.refused->code, ErrorCode::kConflict);
  EXPECT_FALSE(run.decision.changed);
}

TEST(DecideGateTest, TheSameDecisionAgainChangesNothingAndIsFine) {
  CaseRun run(kTwoGates);
  run.Begin();
  run.Approve("a");
  const int64_t revision = run.run.progress.revision;
  EXPECT_FALSE(run.Approve("a").refused);
  EXPECT_FALSE(run.decision.changed);
  EXPECT_FALSE(run.Approve("").refused);
  EXPECT_EQ(run.run.progress.revision, revision);
}

TEST(DecideGateTest, AnotherDecisionOnAClosedGateIsRefused) {
  CaseRun run(kTwoGates);
  run.Begin();
  run.Approve("a");
  ASSERT_TRUE(run.Reject().refused);
  EXPECT_EQ(run.decision.refused->code, ErrorCode::kConflict);
  EXPECT_TRUE(run.Approve("a", "ben").refused);
  EXPECT_THAT(run.decision.refused->message, HasSubstr("already approved"));
  EXPECT_TRUE(run.Approve("b").refused);  // not there yet
}

TEST(DecideGateTest, AStepIsNamedByIdKeyOrNameAndAnUnknownOneIsInvalid) {
  CaseRun run(kTwoGates);
  run.Begin();
  ASSERT_TRUE(run.Approve("zzz").refused);
  EXPECT_EQ(run.decision.refused->code, ErrorCode::kInvalid);
  EXPECT_FALSE(run.Approve("first").refused);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
}

TEST(DecideGateTest, TheApprovalIsThereForExpressions) {
  CaseRun run(R"({"name":"form","steps":[{"id":"a","name":"ask","action":"http","requires_approval":true,
    "input":{"size":"{{ steps.ask.approval.input.size }}","who":"{{ steps.ask.approval.actor }}"}}]})");
  run.Begin();
  run.On(GateDecided{"", {.approved = true, .input = R"({"size":3})"}, {.name = "ana"}});
  EXPECT_EQ(J(run.decision.commands.at(0).input), J(R"({"size":3,"who":"ana"})"));
}

TEST(DecideGateTest, ARetriedStepAsksAgain) {
  CaseRun run(kTwoGates);
  run.Begin();
  run.Reject();
  run.On(RetryRequested{});
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  EXPECT_EQ(run.Approve().commands.size(), 1u);
}

}  // namespace
}  // namespace orc::test
