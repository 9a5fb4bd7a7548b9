#include "outbound/redirect.h"

#include <gmock/gmock.h>

#include "http_service_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

class RedirectTest : public HttpServiceTest {
 protected:
  HttpCall CallTo(const std::string& path, int max_redirects = 3) {
    HttpCall call;
    call.method = "POST";
    call.url = stub_.url(path);
    call.max_redirects = max_redirects;
    call.headers = {{"Authorization", "Bearer x"}, {"Cookie", "c=1"}, {"X-Api-Key", "k"}, {"X-Plain", "p"}, {"Content-Type", "text/plain"}};
    call.body = "body";
    return call;
  }
};

TEST_F(RedirectTest, IsAnAnswerUnlessAskedFor) {
  stub_.On("/a", {{.status = 302, .headers = {{"Location", "/b"}}, .body = "moved"}});
  const auto reply = Do(CallTo("/a", 0));
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(reply.body, "moved");
  EXPECT_EQ(stub_.Count(), 1u);
}

TEST_F(RedirectTest, FollowsWithinTheOriginAndKeepsCredentials) {
  stub_.On("/a", {{.status = 307, .headers = {{"Location", "b?x=1"}}, .body = "moved"}});
  stub_.On("/b", {{.body = "here"}});
  const auto reply = Do(CallTo("/a"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "here");
  const auto second = stub_.requests().at(1);
  EXPECT_EQ(second.method, "POST");
  EXPECT_EQ(second.target, "/b?x=1");
  EXPECT_EQ(second.body, "body");
  EXPECT_EQ(second.Header("authorization"), "Bearer x");
}

TEST_F(RedirectTest, DropsCredentialsAcrossOrigins) {
  HttpStub other;
  other.On("/b", {{.body = "there"}});
  stub_.On("/a", {{.status = 308, .headers = {{"Location", other.url("/b")}}}});
  EXPECT_EQ(Do(CallTo("/a")).body, "there");
  const auto second = other.requests().at(0);
  EXPECT_EQ(second.Header("authorization") + second.Header("cookie") + second.Header("x-api-key"), "");
  EXPECT_EQ(second.Header("x-plain"), "p");
  EXPECT_EQ(second.body, "body");
}

TEST_F(RedirectTest, SeeOtherBecomesAGetWithoutBody) {
  for (const int status : {301, 302, 303}) {
    stub_.On("/a", {{.status = status, .headers = {{"Location", "/b"}}}});
    stub_.On("/b", {{.body = "here"}});
    EXPECT_EQ(Do(CallTo("/a")).status, 200);
    const auto last = stub_.requests().back();
    EXPECT_EQ(last.method, "GET");
    EXPECT_EQ(last.body, "");
    EXPECT_EQ(last.Header("content-type"), "");
  }
}

TEST_F(RedirectTest, StopsAfterThree) {
  stub_.Otherwise([](const StubRequest& r) { return StubAnswer{.status = 307, .headers = {{"Location", r.path + "x"}}}; });
  const auto reply = Do(CallTo("/a", 99));
  EXPECT_EQ(reply.failure, HttpFailure::kNone);
  EXPECT_EQ(reply.status, 307);
  EXPECT_EQ(stub_.Count(), 4u);
}

TEST_F(RedirectTest, EveryHopIsJudged) {
  HttpStub forbidden("127.0.0.2");
  stub_.On("/address", {{.status = 302, .headers = {{"Location", forbidden.url("/")}}}});
  stub_.On("/metadata", {{.status = 302, .headers = {{"Location", "http://169.254.169.254/latest/meta-data"}}}});
  EXPECT_EQ(Do(CallTo("/address")).failure, HttpFailure::kEgressDenied);
  EXPECT_EQ(Do(CallTo("/metadata")).failure, HttpFailure::kEgressDenied);
  EXPECT_EQ(forbidden.connections_accepted(), 0u);
  for (const char* location : {"file:///etc/passwd", "ftp://127.0.0.1/x"}) {
    stub_.On("/scheme", {{.status = 302, .headers = {{"Location", location}}}});
    const auto reply = Do(CallTo("/scheme"));
    EXPECT_EQ(reply.failure, HttpFailure::kInvalidRequest) << location;
    EXPECT_THAT(reply.message, HasSubstr("redirects to what can't be called"));
  }
}

TEST_F(RedirectTest, TheTimeOutCoversAllHops) {
  stub_.Otherwise([](const StubRequest& r) { return StubAnswer{.status = 307, .headers = {{"Location", r.path + "x"}}, .delay_ms = 150}; });
  HttpCall call = CallTo("/a");
  call.timeout_ms = 300;
  EXPECT_EQ(Do(call).failure, HttpFailure::kTimeout);
}

}  // namespace
}  // namespace orc::test
