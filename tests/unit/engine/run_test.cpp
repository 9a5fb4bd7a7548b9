#include "engine/run.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(RunTest, StatusTextsReadBack) {
  for (int i = 0; i <= static_cast<int>(RunStatus::kTimedOut); ++i) {
    const auto status = static_cast<RunStatus>(i);
    EXPECT_EQ(ParseRunStatus(ToText(status)), status);
  }
  for (int i = 0; i <= static_cast<int>(StepStatus::kSkipped); ++i) {
    const auto status = static_cast<StepStatus>(i);
    EXPECT_EQ(ParseStepStatus(ToText(status)), status);
  }
  EXPECT_EQ(ToText(RunStatus::kWaitingApproval), "WAITING_APPROVAL");
  EXPECT_EQ(ToText(RunStatus::kCanceled), "CANCELED");
  EXPECT_EQ(ToText(StepStatus::kTimedOut), "TIMED_OUT");
  EXPECT_FALSE(ParseRunStatus("running"));
  EXPECT_FALSE(ParseStepStatus("CANCELING"));
}

TEST(RunTest, TerminalStates) {
  EXPECT_FALSE(IsTerminal(RunStatus::kPending));
  EXPECT_FALSE(IsTerminal(RunStatus::kCanceling));
  EXPECT_TRUE(IsTerminal(RunStatus::kSucceeded));
  EXPECT_TRUE(IsTerminal(RunStatus::kTimedOut));
  EXPECT_FALSE(IsTerminal(StepStatus::kWaiting));
  EXPECT_TRUE(IsTerminal(StepStatus::kSkipped));
}

TEST(RunTest, FindStepLooksByStepAndItem) {
  orc::Run run;
  for (const StepKey key : {StepKey{0, -1}, StepKey{2, -1}, StepKey{2, 3}}) run.steps[key] = {.step = key.step, .item = key.item};
  EXPECT_EQ(run.FindStep({0, -1}), &run.steps.at({0, -1}));
  EXPECT_EQ(run.FindStep({1, -1}), nullptr);
  EXPECT_EQ(run.FindStep({2, -1}), &run.steps.at({2, -1}));
  EXPECT_EQ(run.FindStep({2, 3}), &run.steps.at({2, 3}));
  EXPECT_EQ(run.FindStep({2, 4}), nullptr);
  EXPECT_EQ(run.FindStep({7, -1}), nullptr);
}

TEST(RunTest, StepsWithoutARowAreShownByTheRunsEnd) {
  orc::Run run;
  EXPECT_EQ(DisplayStatus(run, {0, -1}), StepStatus::kPending);
  run.progress.status = RunStatus::kFailed;
  EXPECT_EQ(DisplayStatus(run, {0, -1}), StepStatus::kSkipped);
  run.progress.status = RunStatus::kSucceeded;
  EXPECT_EQ(DisplayStatus(run, {0, -1}), StepStatus::kSkipped);
  run.progress.status = RunStatus::kCanceled;
  EXPECT_EQ(DisplayStatus(run, {0, -1}), StepStatus::kCanceled);
  run.steps[{0, -1}] = {.step = 0, .status = StepStatus::kSucceeded};
  EXPECT_EQ(DisplayStatus(run, {0, -1}), StepStatus::kSucceeded);
}

TEST(RunTest, IdempotencyKeyIsTheSameForEveryTryAndFitForAHeader) {
  AttemptKey key{"run_1", 2, 0, -1, 0, 1};
  const std::string first = IdempotencyKeyOf(key, "step_a");
  EXPECT_EQ(first, "run_1:step_a:-:2:0");
  key.try_number = 5;
  EXPECT_EQ(IdempotencyKeyOf(key, "step_a"), first);
  key.item = 7;
  EXPECT_EQ(IdempotencyKeyOf(key, "a:b\r\nX: 1"), "run_1:a%3Ab%0D%0AX%3A%201:7:2:0");
  key.round = 3;
  EXPECT_EQ(IdempotencyKeyOf(key, "step_a", "order 7"), "order%207:2:3");
}

}  // namespace
}  // namespace orc
