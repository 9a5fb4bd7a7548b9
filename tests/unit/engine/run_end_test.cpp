// How runs come to their end: compensation, finally, time-out, result; and what happens on the way: pause, signals, waits.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;

std::string Workflow(const std::string& steps, const std::string& rest = "") {
  return R"({"name":"w","steps":[)" + steps + "]" + rest + "}";
}
std::string Http(const std::string& id, const std::string& fields = "") {
  return R"({"id":")" + id + R"(","name":")" + id + R"(","action":"http","input":{"n":1})" + fields + "}";
}
const std::string kUndo = R"(,"compensate":{"action":"http","input":{"undo":"{{ item }}"}})";
const std::string kUndoPlain = R"(,"compensate":{"action":"http","input":{"undo":1}})";

TEST(RunEndTest, CompensationUndoesWhatSucceededLastFirst) {
  CaseRun run(Workflow(Http("a", kUndoPlain) + "," + Http("b", kUndoPlain) + "," + Http("c")));
  run.Begin();
  run.Succeed(0);
  run.Succeed(1);
  ASSERT_EQ(run.Fail(2).commands.size(), 1u);
  EXPECT_EQ(run.decision.commands[0].key.step, 4u);  // undoes b
  EXPECT_EQ(run.run.progress.phase, RunPhase::kCompensating);
  EXPECT_TRUE(run.On(RetryRequested{}).refused);
  EXPECT_EQ(run.Succeed(4).commands.at(0).key.step, 3u);  // undoes a
  run.Fail(3);
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_TRUE(run.run.progress.undoing_failed);
  EXPECT_EQ(run.On(RetryRequested{}).refused->code, ErrorCode::kConflict);
}

TEST(RunEndTest, EveryItemThatSucceededIsUndone) {
  CaseRun run(Workflow(Http("a", kUndo + R"(,"for_each":"['x', 'y', 'z']","concurrency":1)")));
  run.Begin();
  for (int32_t item : {0, 1}) run.On(AttemptFinished{.key = run.Key(0, item), .output = "1"});
  AttemptFinished failure = run.Failure(0, "timeout");
  failure.key = run.Key(0, 2);
  ASSERT_EQ(run.On(failure).commands.size(), 1u);
  EXPECT_EQ(J(run.decision.commands[0].input), J(R"({"undo":"y"})"));
  run.On(AttemptFinished{.key = run.Key(1, 1)});
  EXPECT_EQ(J(run.decision.commands.at(0).input), J(R"({"undo":"x"})"));
  run.On(AttemptFinished{.key = run.Key(1, 0)});
  EXPECT_EQ(run.status(), RunStatus::kFailed);
}

TEST(RunEndTest, FinallyRunsHoweverTheRunEnds) {
  const std::string rest = R"(,"finally":[)" + Http("f") + "]";
  CaseRun succeeds(Workflow(Http("a"), rest));
  succeeds.Begin();
  EXPECT_EQ(succeeds.Succeed(0).commands.at(0).key.step, 1u);
  succeeds.Succeed(1);
  EXPECT_EQ(succeeds.status(), RunStatus::kSucceeded);

  CaseRun fails(Workflow(Http("a"), rest));
  fails.Begin();
  fails.Fail(0);
  EXPECT_EQ(fails.run.progress.phase, RunPhase::kFinally);
  fails.Succeed(1);
  EXPECT_EQ(fails.status(), RunStatus::kFailed);

  CaseRun breaks(Workflow(Http("a"), rest));
  breaks.Begin();
  breaks.Succeed(0);
  breaks.Fail(1);
  EXPECT_EQ(breaks.status(), RunStatus::kFailed);  // it would have succeeded
  EXPECT_TRUE(breaks.run.progress.finally_failed);
}

TEST(RunEndTest, ACancelCompensatesUnlessItIsByForce) {
  for (const bool force : {false, true}) {
    CaseRun run(Workflow(Http("a", kUndoPlain) + "," + Http("b"), R"(,"finally":[)" + Http("f") + "]"));
    run.Begin();
    run.Succeed(0);
    run.On(CancelRequested{.force = force});
    if (!force) {
      EXPECT_EQ(run.status(), RunStatus::kCanceling);
      run.On(AttemptFinished{.key = run.Key(1), .outcome = AttemptFinished::Outcome::kCanceled});
      run.Succeed(3);
      run.Succeed(2);
    }
    EXPECT_EQ(run.status(), RunStatus::kCanceled) << force;
  }
}

TEST(RunEndTest, TheTimeOutOfTheWorkflowEndsIt) {
  CaseRun run(Workflow(Http("a", R"(,"requires_approval":true)"), R"(,"timeout_ms":1000)"));
  run.Begin();
  run.After(999);
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  run.After(1);
  EXPECT_EQ(run.status(), RunStatus::kTimedOut);
  EXPECT_EQ(run.run.progress.error_code, "timeout");
  EXPECT_FALSE(run.On(RetryRequested{}).refused);
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
}

TEST(RunEndTest, TheResultIsEvaluatedOnce) {
  CaseRun run(Workflow(Http("a"), R"(,"output":{"v":"{{ steps.a.output.v }}","at":"{{ run.attempt }}"})"));
  run.Begin();
  run.Succeed(0, R"({"v":5})");
  EXPECT_EQ(run.OutputOf(-1), R"({"v":5,"at":1})");
  CaseRun fails(Workflow(Http("a"), R"(,"output":"steps.a.output.v")"));
  fails.Begin();
  fails.Succeed(0);
  EXPECT_EQ(fails.status(), RunStatus::kFailed);
  EXPECT_EQ(fails.run.progress.error_code, "expression_error");
}

TEST(RunEndTest, APauseHoldsUpWhatWouldBegin) {
  CaseRun run(Workflow(Http("a") + "," + Http("b", R"(,"requires_approval":true)") + "," + Http("c")));
  run.Begin();
  run.On(PauseRequested{"ana"});
  EXPECT_EQ(run.status(), RunStatus::kPaused);
  EXPECT_TRUE(run.Succeed(0).commands.empty());
  run.On(ResumeRequested{"ana"});
  EXPECT_EQ(run.status(), RunStatus::kWaitingApproval);
  run.On(PauseRequested{});
  EXPECT_TRUE(run.Approve().commands.empty());  // a decision is taken
  EXPECT_EQ(run.On(ResumeRequested{}).commands.size(), 1u);
  run.Succeed(1);
  run.Succeed(2);
  EXPECT_EQ(run.On(PauseRequested{}).refused->code, ErrorCode::kConflict);
}

TEST(RunEndTest, ASignalIsKeptForWhoWaitsLater) {
  const std::string wait = R"({"id":"w","name":"w","action":"wait","input":{"signal":"go","timeout_ms":500}})";
  CaseRun early(Workflow(Http("a") + "," + wait));
  early.Begin();
  early.On(SignalSent{"go", R"({"n":1})", "ana"});
  early.On(SignalSent{"go", R"({"n":2})", "ana"});
  early.Succeed(0);
  EXPECT_EQ(early.status(), RunStatus::kSucceeded);
  EXPECT_EQ(early.OutputOf(1), R"({"n":1})");
  EXPECT_EQ(early.On(SignalSent{"go", "1", ""}).refused->code, ErrorCode::kConflict);

  CaseRun late(Workflow(wait));
  late.Begin();
  EXPECT_EQ(late.status(), RunStatus::kWaiting);
  EXPECT_FALSE(late.On(SignalSent{"other", "1", ""}).refused);
  late.On(SignalSent{"go", R"({"n":3})", ""});
  EXPECT_EQ(late.OutputOf(0), R"({"n":3})");

  CaseRun never(Workflow(wait));
  never.Begin();
  never.After(500);
  EXPECT_EQ(never.run.progress.error_code, "timeout");
}

TEST(RunEndTest, AtMostAHundredSignalsOfANameAreKept) {
  CaseRun run(Workflow(Http("a")));
  run.Begin();
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(run.On(SignalSent{"x", "1", ""}).refused) << i;
  EXPECT_EQ(run.On(SignalSent{"x", "1", ""}).refused->code, ErrorCode::kConflict);
  EXPECT_FALSE(run.On(SignalSent{"y", "1", ""}).refused);
}

TEST(RunEndTest, AnInstantGoesByTheWallClock) {
  CaseRun run(Workflow(R"({"id":"w","name":"w","action":"wait","input":{"until":"{{ now + duration('1s') }}"}})"));
  run.Begin();
  const int64_t due_us = run.run.progress.wake_us;
  EXPECT_EQ(due_us, run.now_us + 1'000'000);
  run.now_us -= 5'000'000;  // the clock was set back: the timer goes off, but it is not time
  EXPECT_FALSE(run.On(TimerDue{due_us}).changed);
  run.now_us = due_us;
  run.On(TimerDue{due_us});
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(RunEndTest, ARetryGoesOnFromAStepThatIsNamed) {
  CaseRun run(Workflow(Http("a") + "," + Http("b") + "," + Http("c")));
  run.Begin();
  run.Succeed(0);
  run.Fail(1);
  EXPECT_EQ(run.On(RetryRequested{"ana", "a"}).refused->problems.at(0).pointer, "/from_step");
  EXPECT_EQ(run.On(RetryRequested{"ana", "zzz"}).refused->code, ErrorCode::kInvalid);
  EXPECT_EQ(run.On(RetryRequested{"ana", "c"}).commands.at(0).key.step, 2u);  // b is left behind
  run.Succeed(2);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_TRUE(run.run.FindStep({1, -1})->caught);
}

TEST(RunEndTest, ALoopThatIsRetriedKeepsWhatSucceeded) {
  CaseRun run(Workflow(Http("a", R"(,"for_each":"[1, 2, 3]","concurrency":1)")));
  run.Begin();
  run.On(AttemptFinished{.key = run.Key(0, 0), .output = "1"});
  AttemptFinished failure = run.Failure(0, "timeout");
  failure.key = run.Key(0, 1);
  run.On(failure);
  ASSERT_EQ(run.status(), RunStatus::kFailed);
  ASSERT_EQ(run.On(RetryRequested{}).commands.size(), 1u);
  EXPECT_EQ(run.decision.commands[0].key.item, 1);
  for (int32_t item : {1, 2}) run.On(AttemptFinished{.key = run.Key(0, item), .output = "1"});
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

}  // namespace
}  // namespace orc::test
