// Attempts that call out through the host.
#include <gmock/gmock.h>

#include "plugin_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;
using Outcome = AttemptFinished::Outcome;

/// In the server's process, and in one of the plugin's own: nothing may differ.
class RunnerHttpTest : public PluginTest, public ::testing::WithParamInterface<bool> {
 protected:
  RunnerHttpTest() {
    Install("tester");
    Isolate(GetParam());
    Load();
  }
  std::string UrlAsInput(const std::string& path) const { return "\"" + stub_.url(path) + "\""; }

  HttpStub stub_;
};

TEST_P(RunnerHttpTest, AnAnswerBecomesTheOutput) {
  stub_.On("/", {{.status = 203, .headers = {{"X-A", "1"}, {"x-a", "2 \""}}, .chunks = {{"[1,"}, {"2]", 20}}}});
  const auto finished = Run("test.fetch", UrlAsInput("/"));
  EXPECT_EQ(finished.output, "[1,2]");
  EXPECT_EQ(finished.http_code, 203);
  EXPECT_THAT(finished.response_headers, HasSubstr(R"("x-a":"1, 2 \"")"));
  EXPECT_EQ(stub_.keys()["key-1"], 1u);
  ASSERT_EQ(sink_.lines().size(), 2u);
  EXPECT_EQ(sink_.lines()[0].text, "[1,");
}

TEST_P(RunnerHttpTest, HeadersThatAreNotUtf8AreMended) {
  stub_.On("/", {{.headers = {{"X-A", "caf\xe9"}}, .body = "1"}});
  const auto finished = Run("test.fetch", UrlAsInput("/"));
  EXPECT_THAT(finished.response_headers, HasSubstr("caf\xEF\xBF\xBD"));
}

TEST_P(RunnerHttpTest, NoAnswerIsAFailureWithTheCallsOwnCode) {
  stub_.On("/", {{.hang_up = true}});
  const auto finished = Run("test.fetch", UrlAsInput("/"));
  EXPECT_EQ(finished.outcome, Outcome::kFailed);
  EXPECT_EQ(finished.error.code, "network");
  EXPECT_TRUE(finished.error.retryable);
  const auto denied = Run("test.fetch", "\"http://127.0.0.2:1/\"");
  EXPECT_EQ(denied.error.code, "egress_denied");
  EXPECT_FALSE(denied.error.retryable);
}

TEST_P(RunnerHttpTest, ARequestThatCannotBeSentIsAnInputFault) {
  const auto finished = Run("test.fetch_refused");
  EXPECT_EQ(finished.error.code, "input_invalid");
  EXPECT_THAT(finished.error.message, HasSubstr("carriage return"));
}

TEST_P(RunnerHttpTest, CancellingTheAttemptCancelsItsCall) {
  stub_.On("/mute", {{.never = true}});
  const auto key = Start("test.fetch", UrlAsInput("/mute"));
  ASSERT_TRUE(stub_.WaitForRequests(1));
  plugins_->Cancel(key);
  const auto finished = WaitFor(key);
  EXPECT_EQ(finished.outcome, Outcome::kCanceled);
  EXPECT_EQ(finished.error.code, "cancelled");
  EXPECT_TRUE(stub_.WaitForOpen(0));
}

TEST_P(RunnerHttpTest, TheCallEndsWithTheAttempt) {
  stub_.On("/mute", {{.never = true}});
  EXPECT_EQ(Run("test.fetch_and_forget", UrlAsInput("/mute")).output, "\"did not wait\"");
  EXPECT_TRUE(stub_.WaitForOpen(0));
  Run("test.fetch_refused");
  EXPECT_EQ(sink_.finished().size(), 2u);
}

TEST_P(RunnerHttpTest, ACallbackMaySendAgain) {
  stub_.On("/", {{.body = "1"}, {.body = "2"}});
  EXPECT_EQ(Run("test.fetch_two", UrlAsInput("/")).output, "2");
}

TEST_P(RunnerHttpTest, AnExceptionInACallbackIsAFailure) {
  stub_.On("/", {{.body = "1"}});
  const auto finished = Run("test.fetch_throws", UrlAsInput("/"));
  EXPECT_EQ(finished.error.code, "plugin_error");
  EXPECT_EQ(finished.error.message, "the answer is too good");
}

TEST_P(RunnerHttpTest, AnActionThatBlocksGetsItsAnswerOnThePool) {
  stub_.On("/", {{.body = "1"}});
  const auto finished = Run("test.fetch_on_pool", UrlAsInput("/"));
  EXPECT_EQ(finished.output, "1");
}

TEST_P(RunnerHttpTest, StopEndsCallsUnderWay) {
  stub_.On("/mute", {{.never = true}});
  for (int i = 0; i < 50; ++i) Start(i % 2 == 0 ? "test.fetch" : "test.fetch_on_pool", UrlAsInput("/mute"));
  ASSERT_TRUE(stub_.WaitForRequests(50));
  plugins_->Stop();
  EXPECT_EQ(plugins_->InFlight(), 0u);
  EXPECT_TRUE(stub_.WaitForOpen(0));
  EXPECT_TRUE(sink_.finished().empty());
  EXPECT_EQ(http_->GetStats().in_flight, 0u);
}

TEST_P(RunnerHttpTest, ManyCallsAtOnceAllEnd) {
  stub_.KeepRequests(false);
  stub_.On("/", {{.body = "1", .delay_ms = 20}});
  for (int i = 0; i < 500; ++i) Start("test.fetch", UrlAsInput("/"));
  ASSERT_TRUE(sink_.WaitFinished(500));
  EXPECT_EQ(plugins_->InFlight(), 0u);
  EXPECT_EQ(stub_.keys().size(), 500u);
}

INSTANTIATE_TEST_SUITE_P(Isolation, RunnerHttpTest, ::testing::Bool(),
                         [](const auto& isolated) { return isolated.param ? "process" : "none"; });

}  // namespace
}  // namespace orc::test
