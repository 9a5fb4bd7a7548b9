// Attempts: exactly one end each, whatever the plugin does.
#include <gmock/gmock.h>

#include <thread>

#include "plugin_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;
using Outcome = AttemptFinished::Outcome;

/// In the server's process, and in one of the plugin's own: nothing may differ.
class RunnerTest : public PluginTest, public ::testing::WithParamInterface<bool> {
 protected:
  RunnerTest() {
    Install("tester");
    Install("start_throws");
    Isolate(GetParam());
    Load({.action_config = {{"test.configured", ParseJson("{\"greeting\":\"hello\"}").value()}},
          .blocking_threads = 2,
          .max_output_bytes = 1000});
  }
  void ExpectFailed(const AttemptFinished& finished, const std::string& code, const std::string& message) {
    EXPECT_EQ(finished.outcome, Outcome::kFailed);
    EXPECT_EQ(finished.error.code, code);
    EXPECT_THAT(finished.error.message, HasSubstr(message));
    EXPECT_FALSE(finished.error.retryable);
  }
};

TEST_P(RunnerTest, Succeeds) {
  const auto finished = Run("test.echo", R"({"count":1, "x": 1.0})");
  EXPECT_EQ(finished.outcome, Outcome::kSucceeded);
  EXPECT_EQ(finished.output, R"({"count":1, "x": 1.0})");
  ASSERT_EQ(sink_.lines().size(), 1u);
  const auto line = sink_.lines()[0];
  EXPECT_EQ(line.action, "test.echo");
  EXPECT_EQ(line.level, "info");
  EXPECT_EQ(line.text, "echoing for the step with the key key-1");
  EXPECT_EQ(line.key, KeyOf(1));
  EXPECT_EQ(plugins_->InFlight(), 0u);
}

TEST_P(RunnerTest, FailsWithAllItHasToSay) {
  const auto finished = Run("test.fail");
  ExpectFailed(finished, "http_status", "answered 404");
  EXPECT_EQ(finished.http_code, 404);
  EXPECT_EQ(finished.output, R"({"error":"gone"})");
  EXPECT_EQ(finished.response_headers, R"({"server":"x"})");
  EXPECT_EQ(finished.error.detail, R"({"tried":1})");
}

TEST_P(RunnerTest, FailsForNow) {
  const auto finished = Run("test.retry");
  EXPECT_EQ(finished.outcome, Outcome::kFailed);
  EXPECT_TRUE(finished.error.retryable);
  EXPECT_EQ(finished.retry_after_ms, 1500);
}

TEST_P(RunnerTest, EndsFromAnotherThread) {
  EXPECT_EQ(Run("test.thread").output, "true");
  const auto lines = sink_.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].level + " " + lines[0].text, "debug 50 %: half way");
  EXPECT_EQ(lines[1].level + " " + lines[1].text, "warn careful");
}

TEST_P(RunnerTest, OnlyTheFirstEndCounts) {
  EXPECT_EQ(Run("test.doubles").output, "1");
  Run("test.echo", "{}");
  EXPECT_EQ(sink_.finished().size(), 2u);
  EXPECT_EQ(sink_.lines().size(), 1u);
}

TEST_P(RunnerTest, ADroppedAttemptIsAFailure) { ExpectFailed(Run("test.drops"), "plugin_error", "dropped the attempt"); }
TEST_P(RunnerTest, AnExceptionIsAFailureWithItsText) { ExpectFailed(Run("test.throws"), "plugin_error", "out of tea"); }
TEST_P(RunnerTest, AnythingElseThrownIsAFailureToo) { ExpectFailed(Run("test.run_throws"), "plugin_error", "not a std::exception"); }
TEST_P(RunnerTest, AnExceptionAcrossTheBorderIsStopped) { ExpectFailed(Run("raw.start_throws"), "plugin_error", "out of start"); }
TEST_P(RunnerTest, AnExceptionOutOfCancelIsStopped) {
  const auto key = Start("raw.cancel_throws");
  plugins_->Cancel(key);
  EXPECT_EQ(WaitFor(key).outcome, Outcome::kCanceled);
}

TEST_P(RunnerTest, AnUnknownActionNamesTheNearest) { ExpectFailed(Run("test.ecko"), "unknown_action", "did you mean \"test.echo\"?"); }

TEST_P(RunnerTest, InputsAreCheckedAgain) {
  const auto finished = Run("test.echo", R"({"count":"many"})");
  ExpectFailed(finished, "input_invalid", "/count");
  EXPECT_THAT(finished.error.detail, HasSubstr("\"/count\""));
  ExpectFailed(Run("test.fail", "{\"a\":"), "input_invalid", "line 1");
}

TEST_P(RunnerTest, OutputsAreCheckedAndLimited) {
  ExpectFailed(Run("test.raw", "\"{]\""), "output_invalid", "not JSON");
  ExpectFailed(Run("test.big", "1001"), "output_too_large", "1001 bytes; the limit is 1000");
  EXPECT_EQ(Run("test.big", "1000").output.size(), 1000u);
  EXPECT_EQ(Run("test.raw", "\"\"").output, "null");
}

TEST_P(RunnerTest, ResultsThatAreNoneAreFailures) {
  ExpectFailed(Run("test.no_sense", "0"), "plugin_error", "not an orc_result");
  ExpectFailed(Run("test.no_sense", "1"), "plugin_error", "not an orc_result");
  ExpectFailed(Run("test.no_sense", "2"), "plugin_error", "the outcome 99");
}

TEST_P(RunnerTest, BlockingActionsRunSideBySideUpToThePool) {
  EXPECT_EQ(Run("test.sleep", "0").output, "\"slept\"");
  const auto first = Start("test.sleep", "60000");
  const auto second = Start("test.sleep", "60000");
  const auto third = Start("test.sleep", "60000");  // waits: the pool has two threads
  EXPECT_EQ(plugins_->InFlight(), 3u);
  plugins_->Cancel(third);
  plugins_->Cancel(first);
  plugins_->Cancel(second);
  for (const auto& key : {first, second, third}) EXPECT_EQ(WaitFor(key).outcome, Outcome::kCanceled);
  EXPECT_EQ(WaitFor(third).error.code, "cancelled");
}

TEST_P(RunnerTest, StartNeverWaitsForABlockingAction) {
  std::vector<AttemptKey> keys;
  for (int i = 0; i < 20; ++i) keys.push_back(Start("test.sleep", "60000"));
  EXPECT_EQ(Run("test.echo", "{}").outcome, Outcome::kSucceeded);
  for (const auto& key : keys) plugins_->Cancel(key);
  EXPECT_TRUE(sink_.WaitFinished(21));
}

TEST_P(RunnerTest, CancelReachesTheAction) {
  const auto key = Start("test.obedient");
  plugins_->Cancel(KeyOf(99));  // nobody
  EXPECT_TRUE(sink_.finished().empty());
  plugins_->Cancel(key);
  EXPECT_EQ(WaitFor(key).outcome, Outcome::kCanceled);
  plugins_->Cancel(key);  // over
  EXPECT_EQ(sink_.finished().size(), 1u);
}

TEST_P(RunnerTest, AThousandAtOnceEndOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 1000; ++i) Start(i % 2 == 0 ? "test.thread" : "test.echo");
  ASSERT_TRUE(sink_.WaitFinished(1000));
  std::vector<int> seen(1001);
  for (const auto& finished : sink_.finished()) ++seen.at(static_cast<size_t>(finished.key.try_number));
  EXPECT_EQ(std::count(seen.begin() + 1, seen.end(), 1), 1000);
}

TEST_P(RunnerTest, NothingIsReportedAfterStop) {
  const auto sleeping = Start("test.sleep", "60000");
  ASSERT_TRUE(sink_.WaitLine("sleeping"));
  Start("test.obedient");
  plugins_->Stop();
  EXPECT_TRUE(sink_.finished().empty());
  EXPECT_EQ(plugins_->InFlight(), 0u);
  Start("test.echo");
  EXPECT_TRUE(sink_.finished().empty());
  plugins_->Cancel(sleeping);
  plugins_->Stop();
}

TEST_P(RunnerTest, StopDoesNotWaitForEverForAnActionThatNeverEnds) {
  const auto key = Start("test.never");
  plugins_->Cancel(key);
  EXPECT_EQ(plugins_->InFlight(), 1u);
  plugins_->Stop();
  plugins_.reset();
  EXPECT_TRUE(sink_.finished().empty());
}

INSTANTIATE_TEST_SUITE_P(Isolation, RunnerTest, ::testing::Bool(),
                         [](const auto& isolated) { return isolated.param ? "process" : "none"; });

}  // namespace
}  // namespace orc::test
