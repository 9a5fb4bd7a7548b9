// Tries, their back-off and their time-out, and the retry of a whole run.
#include <gmock/gmock.h>

#include "engine/retry_policy.h"
#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string OneStep(const std::string& fields) {
  return R"({"name":"one","steps":[{"id":"a","name":"x","action":"http","input":{"url":"http://x"})" + fields + "}]}";
}

/// What follows try number `tries` when it failed so.
std::optional<int64_t> Next(const RetryPolicy& policy, const StepError& error, int32_t tries, int64_t retry_after_ms) {
  return NextTryAfterMs(policy, {.key = {.run_id = "run_1", .try_number = tries}, .error = &error, .retry_after_ms = retry_after_ms});
}

TEST(RetryPolicyTest, MaxCountsExtraTries) {
  const RetryPolicy policy{.max = 2, .backoff_ms = 10};
  const StepError error{"http_status", "", false, ""};
  EXPECT_EQ(Next(policy, error, 1, -1), 10);
  EXPECT_EQ(Next(policy, error, 2, -1), 10);
  EXPECT_EQ(Next(policy, error, 3, -1), std::nullopt);
  EXPECT_EQ(Next(RetryPolicy{}, error, 1, -1), std::nullopt);
}

TEST(RetryPolicyTest, RetryAfterOnlyLengthensAndIsCapped) {
  const RetryPolicy policy{.max = 1, .backoff_ms = 500};
  const StepError error{"network", "", true, ""};
  EXPECT_EQ(Next(policy, error, 1, 100), 500);
  EXPECT_EQ(Next(policy, error, 1, 2'000), 2'000);
  EXPECT_EQ(Next(policy, error, 1, 999'999'999), kMaxRetryAfterMs);
}

TEST(RetryPolicyTest, WhatAnotherTryCannotMendIsNotRetried) {
  const RetryPolicy policy{.max = 5, .backoff_ms = 1};
  for (const char* code : {"rejected", "expression_error", "input_invalid", "unknown_action", "condition_false", "cancelled"}) {
    EXPECT_EQ(Next(policy, {code, "", true, ""}, 1, -1), std::nullopt) << code;
  }
  for (const char* code : {"timeout", "network", "http_status", "plugin_error", "output_too_large"}) {
    EXPECT_EQ(Next(policy, {code, "", false, ""}, 1, -1), 1) << code;
  }
}

TEST(DecideRetryTest, AFailedTryIsDueAgainAfterTheBackoff) {
  CaseRun run(OneStep(R"(,"retry":{"max":2,"backoff_ms":500})"));
  run.Begin();
  EXPECT_TRUE(run.Fail(0).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kWaiting);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kWaiting);
  EXPECT_EQ(run.run.progress.wake_us, run.now_us + 500'000);
  EXPECT_EQ(run.run.FindStep({0, -1})->due_us, run.now_us + 500'000);
  EXPECT_THAT(run.log.back(), HasSubstr(R"(step "x": try 1 failed: it broke; next try in 500 ms)"));

  EXPECT_FALSE(run.After(499).changed);  // a timer out of order
  const Decision& second = run.After(1);
  ASSERT_EQ(second.commands.size(), 1u);
  EXPECT_EQ(second.commands[0].key.try_number, 2);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  EXPECT_EQ(run.run.progress.wake_us, 0);

  run.Fail(0);
  run.After(500);
  run.Succeed(0);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.run.FindStep({0, -1})->tries, 3);
  EXPECT_FALSE(run.run.FindStep({0, -1})->error);
  EXPECT_THAT(run.HistoryTypes(), ElementsAre("run.started", "step.started", "step.retrying", "step.started", "step.retrying",
                                              "step.started", "step.succeeded", "run.succeeded"));
}

TEST(DecideRetryTest, TheLastTrysFailureFailsTheRun) {
  CaseRun run(OneStep(R"(,"retry":{"max":1})"));
  run.Begin();
  run.Fail(0);
  EXPECT_EQ(run.run.FindStep({0, -1})->due_us, run.now_us + 250'000);  // the default
  run.After(250);
  run.Fail(0);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_THAT(run.log.back(), HasSubstr("failed after 2 tries"));
  EXPECT_EQ(run.decision.log.back().try_number, 2);
}

TEST(DecideRetryTest, WithoutBackoffTheNextTryBeginsInTheSameDecision) {
  CaseRun run(OneStep(R"(,"retry":{"max":1,"backoff_ms":0})"));
  run.Begin();
  ASSERT_EQ(run.Fail(0).commands.size(), 1u);
  EXPECT_EQ(run.decision.commands[0].key.try_number, 2);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
}

TEST(DecideRetryTest, EveryTrySendsTheSameInput) {
  CaseRun run(R"({"name":"one","steps":[{"id":"a","name":"x","action":"http","retry":{"max":1},"input":{"v":"{{ context.v }}"}}]})",
              R"({"v":1})");
  const std::string first = run.Begin().commands[0].input;
  run.Fail(0);
  run.run.context = std::make_shared<const Json>(J(R"({"v":2})"));
  EXPECT_EQ(run.After(250).commands[0].input, first);
}

TEST(DecideRetryTest, ATryThatTakesTooLongIsCancelledAndRetried) {
  CaseRun run(OneStep(R"(,"timeout_ms":1000,"retry":{"max":1,"backoff_ms":100})"));
  run.Begin();
  const AttemptKey first = run.Key(0);
  EXPECT_EQ(run.run.progress.wake_us, run.now_us + 1'000'000);
  EXPECT_FALSE(run.After(999).changed);
  const Decision& timed_out = run.After(1);
  ASSERT_EQ(timed_out.commands.size(), 1u);
  EXPECT_EQ(timed_out.commands[0].kind, Command::Kind::kCancelAttempt);
  EXPECT_EQ(timed_out.commands[0].key, first);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "timeout");
  EXPECT_EQ(run.status(), RunStatus::kWaiting);
  EXPECT_FALSE(run.On(AttemptFinished{.key = first, .output = "1"}).changed);

  run.After(100);
  EXPECT_EQ(run.run.progress.wake_us, run.now_us + 1'000'000);
  run.After(1000);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "timeout");
  EXPECT_EQ(run.run.progress.wake_us, 0);
}

TEST(DecideRetryTest, AnActionThatStopsByItselfFailsAsCancelled) {
  CaseRun run(OneStep(R"(,"retry":{"max":3})"));
  run.Begin();
  AttemptFinished stopped{.key = run.Key(0), .outcome = AttemptFinished::Outcome::kCanceled};
  run.On(stopped);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "cancelled");
}

TEST(DecideRetryTest, ARunIsRetriedFromItsFailedStep) {
  CaseRun run(R"({"name":"three","steps":[
    {"id":"a","name":"a","action":"http","input":{}},
    {"id":"b","name":"b","action":"http","input":{"from":"{{ steps.a.output.v }}"}},
    {"id":"c","name":"c","action":"http","input":{}}]})");
  run.Begin();
  run.Succeed(0, R"({"v":5})");
  const AttemptKey old = run.Key(1);
  run.Fail(1);
  ASSERT_EQ(run.status(), RunStatus::kFailed);

  const Decision& retried = run.On(RetryRequested{"ana"});
  EXPECT_THAT(retried.cleared, ElementsAre(StepKey{1, -1}));
  ASSERT_EQ(retried.commands.size(), 1u);
  EXPECT_EQ(retried.commands[0].key, (AttemptKey{"run_1", 2, 1, -1, 0, 1}));
  EXPECT_EQ(J(retried.commands[0].input), J(R"({"from":5})"));
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kSucceeded);
  EXPECT_TRUE(run.run.progress.error.empty());
  EXPECT_EQ(run.run.progress.finished_us, 0);
  EXPECT_FALSE(run.On(AttemptFinished{.key = old}).changed);  // of the attempt before
  run.Succeed(1);
  run.Succeed(2);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(DecideRetryTest, OnlyAFailedRunCanBeRetried) {
  CaseRun run(OneStep(""));
  run.Begin();
  ASSERT_TRUE(run.On(RetryRequested{}).refused);
  EXPECT_EQ(run.decision.refused->code, ErrorCode::kConflict);
  EXPECT_FALSE(run.decision.changed);
  run.Succeed(0);
  EXPECT_TRUE(run.On(RetryRequested{}).refused);
}

}  // namespace
}  // namespace orc::test
