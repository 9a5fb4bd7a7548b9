// How a run goes from step to step.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kTwoSteps = R"({"name":"two","steps":[
  {"id":"a","name":"first","action":"http","input":{"url":"http://x/1"}},
  {"id":"b","name":"second","action":"http","input":{"url":"http://x/2"}}]})";

TEST(DecideSequenceTest, EachStepBeginsWhenTheOneBeforeSucceeded) {
  CaseRun run(kTwoSteps);
  ASSERT_EQ(run.Begin().commands.size(), 1u);
  EXPECT_TRUE(IsStart(run.decision.commands[0]));
  EXPECT_EQ(run.decision.commands[0].key, run.Key(0));
  EXPECT_EQ(J(run.decision.commands[0].input), J(R"({"url":"http://x/1"})"));
  EXPECT_EQ(run.status(), RunStatus::kRunning);

  const Decision& second = run.Succeed(0, R"({"n":1})");
  ASSERT_EQ(second.commands.size(), 1u);
  EXPECT_EQ(second.commands[0].key.step, 1u);
  EXPECT_EQ(second.steps.size(), 2u);
  EXPECT_EQ(run.OutputOf(0), R"({"n":1})");
  EXPECT_EQ(run.run.FindStep({0, -1})->http_code, 200);

  EXPECT_TRUE(run.Succeed(1).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.run.progress.next_step, 2u);
  EXPECT_EQ(run.run.progress.finished_us, run.now_us);
  EXPECT_THAT(run.HistoryTypes(),
              ElementsAre("run.started", "step.started", "step.succeeded", "step.started", "step.succeeded", "run.succeeded"));
}

TEST(DecideSequenceTest, HistoryNumbersAndRevisionsAscendWithoutGaps) {
  CaseRun run(kTwoSteps);
  run.Begin();
  run.Succeed(0);
  run.Succeed(1);
  EXPECT_EQ(run.run.progress.revision, 3);
  for (size_t i = 0; i < run.history.size(); ++i) EXPECT_EQ(run.history[i].number, static_cast<int64_t>(i) + 1);
}

TEST(DecideSequenceTest, AWorkflowWithoutStepsSucceedsAtOnce) {
  CaseRun run(R"({"name":"none","steps":[]})");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(DecideSequenceTest, ASecondBeginningChangesNothing) {
  CaseRun run(kTwoSteps);
  run.Begin();
  EXPECT_FALSE(run.Begin().changed);
}

TEST(DecideSequenceTest, AFailureEndsTheRunAndTheRestIsShownAsSkipped) {
  CaseRun run(kTwoSteps);
  run.Begin();
  AttemptFinished failure = run.Failure(0, "http_status", "the answer was 503");
  failure.http_code = 503;
  failure.output = R"({"why":"tired"})";
  run.On(failure);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.progress.error, "the answer was 503");
  EXPECT_EQ(run.run.progress.next_step, 0u);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kFailed);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kSkipped);
  EXPECT_EQ(run.run.FindStep({0, -1})->http_code, 503);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "http_status");
  EXPECT_EQ(run.OutputOf(0), R"({"why":"tired"})");
  EXPECT_THAT(run.HistoryTypes(), ElementsAre("run.started", "step.started", "step.failed", "run.failed"));
}

TEST(DecideSequenceTest, LateDoubledAndForeignCompletionsChangeNothing) {
  CaseRun run(kTwoSteps);
  run.Begin();
  const AttemptFinished first{.key = run.Key(0), .output = "1"};
  AttemptFinished foreign = first;
  foreign.key.run_id = "run_2";
  EXPECT_FALSE(run.On(foreign).changed);
  foreign = first;
  foreign.key.try_number = 2;
  EXPECT_FALSE(run.On(foreign).changed);
  foreign = first;
  foreign.key.run_attempt = 2;
  EXPECT_FALSE(run.On(foreign).changed);
  EXPECT_TRUE(run.On(first).changed);
  EXPECT_FALSE(run.On(first).changed);
  run.Succeed(1);
  EXPECT_FALSE(run.On(first).changed);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(DecideSequenceTest, InputsAreFilledInFromContextStepsAndRun) {
  CaseRun run(R"({"name":"fill","steps":[
    {"id":"a","name":"first","action":"http","input":{"url":"http://x/{{ context.city }}"}},
    {"id":"b","name":"second","action":"http","input":{"whole":"{{ steps.first.output.list }}","text":"is {{ steps.a.output.n }} of {{ run.id }}",
      "code":"{{ steps.first.http_code }}"}}]})",
              R"({"city":"ulm"})");
  EXPECT_EQ(J(run.Begin().commands[0].input), J(R"({"url":"http://x/ulm"})"));
  EXPECT_EQ(J(run.Succeed(0, R"({"list":[1,2],"n":7})").commands[0].input), J(R"({"whole":[1,2],"text":"is 7 of run_1","code":200})"));
  const auto stored = run.outputs.texts.find({Document::Kind::kInput, 1, -1});
  ASSERT_NE(stored, run.outputs.texts.end());
  EXPECT_EQ(StringAt(J(stored->second), "text"), "is 7 of run_1");
}

TEST(DecideSequenceTest, ALiteralInputIsNotStoredAgain) {
  CaseRun run(kTwoSteps);
  run.Begin();
  EXPECT_TRUE(run.decision.documents.empty());
}

TEST(DecideSequenceTest, AnExpressionThatFailsFailsTheStepAndIsNotRetried) {
  CaseRun run(R"({"name":"bad","steps":[{"id":"a","name":"first","action":"http","retry":{"max":3},
    "input":{"url":"http://x/{{ context.nothing.there }}"}}]})");
  EXPECT_TRUE(run.Begin().commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "expression_error");
  EXPECT_THAT(run.run.progress.error, ::testing::HasSubstr("/url"));
}

TEST(DecideSequenceTest, PayloadsHoldWhatAHookNeeds) {
  CaseRun run(kTwoSteps);
  run.Begin();
  AttemptFinished failure = run.Failure(0, "http_status", "no");
  failure.http_code = 404;
  run.On(failure);
  const Json step = J(run.history[2].payload);
  EXPECT_EQ(StringAt(step, "step_id"), "a");
  EXPECT_EQ(StringAt(step, "step_name"), "first");
  EXPECT_EQ(StringAt(step, "step_action"), "http");
  EXPECT_EQ(StringAt(step, "step_status"), "FAILED");
  EXPECT_EQ(StringAt(step, "error"), "no");
  EXPECT_EQ(IntAt(step, "http_code"), 404);
  EXPECT_EQ(IntAt(step, "try"), 1);
  EXPECT_EQ(run.history[2].step, 0);
  const Json over = J(run.history[3].payload);
  EXPECT_EQ(StringAt(over, "status"), "FAILED");
  EXPECT_EQ(IntAt(over, "current_step"), 0);
  EXPECT_EQ(run.history[3].step, -1);
}

TEST(DecideSequenceTest, AStepOfALongRunChangesOnlyItself) {
  std::string text = R"({"name":"long","steps":[)";
  for (int i = 0; i < 3000; ++i) {
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + std::to_string(i) + R"(","name":"n)" + std::to_string(i) +
            R"(","action":"http","input":{}})";
  }
  CaseRun run(text + "]}");
  run.Begin();
  for (uint32_t i = 0; i + 1 < 3000; ++i) {
    const Decision& decision = run.Succeed(i);
    ASSERT_EQ(decision.steps.size(), 2u);
    ASSERT_EQ(decision.history.size(), 2u);
    ASSERT_EQ(decision.documents.size(), 1u);
  }
  EXPECT_EQ(run.run.steps.size(), 3000u);
}

}  // namespace
}  // namespace orc::test
