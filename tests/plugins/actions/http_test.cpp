// The action `http`, through the built library.
#include "plugins/actions/action_fixture.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

class HttpAction : public ActionTest {};

TEST_F(HttpAction, PostsJsonAndKeepsTheAnswerAsItIs) {
  stub_.On("/x", {{.status = 201, .headers = {{"X-A", "1"}, {"X-A", "2"}}, .body = "{\"z\": 1.0, \"a\":[1, 2]}"}});
  const auto end = Do("http", R"({"url":"%URL%/x","body":{"b":1.0,"a":"ü"}})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  EXPECT_EQ(end.http_code, 201);
  EXPECT_EQ(end.output, "{\"z\": 1.0, \"a\":[1, 2]}");
  EXPECT_EQ(Parse(end.response_headers).at("x-a").as_string(), "1, 2");
  const auto request = LastRequest();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.body, "{\"b\":1.0,\"a\":\"ü\"}");
  EXPECT_EQ(request.Header("content-type"), "application/json");
  EXPECT_EQ(request.Header("idempotency-key"), "key-1");
  EXPECT_THAT(request.Header("user-agent"), testing::StartsWith("orchestrator/"));
}

TEST_F(HttpAction, SendsTextAsItIsAndLetsTheStepsHeadersStand) {
  stub_.On("/x", {{.body = "ok"}});
  Do("http", R"({"url":"%URL%/x","body":"a=1&b=2"})");
  EXPECT_EQ(LastRequest().body, "a=1&b=2");
  EXPECT_EQ(LastRequest().Header("content-type"), "");
  Do("http",
     R"({"url":"%URL%/x","method":"put","body":[1],"headers":{"content-type":"application/x","IDEMPOTENCY-KEY":"mine","user-agent":"me","X-N":7,"X-No":null}})");
  const auto request = LastRequest();
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.Header("content-type"), "application/x");
  EXPECT_EQ(request.Header("idempotency-key"), "mine");
  EXPECT_EQ(request.Header("user-agent"), "me");
  EXPECT_EQ(request.Header("x-n"), "7");
  EXPECT_EQ(request.headers.count("x-no"), 0u);
}

TEST_F(HttpAction, GetsWithAnEncodedQueryAndNoBody) {
  stub_.On("/a b", {{.body = "[]"}});
  stub_.Otherwise([](const StubRequest&) { return StubAnswer{.body = "[]"}; });
  const auto end = Do("http", R"({"method":"GET","url":"%URL%/a b?x=ä","query":{"q":"1&2=3\r\n","n":5,"list":["a","b"],"no":null}})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  const auto request = LastRequest();
  EXPECT_EQ(request.target, "/a%20b?x=%C3%A4&q=1%262%3D3%0D%0A&n=5&list=a&list=b");
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.Header("content-type"), "");
  EXPECT_EQ(request.Header("content-length"), "");
}

TEST_F(HttpAction, MakesAnOutputOfEveryBody) {
  stub_.On("/text", {{.body = "hello \"you\"\n"}});
  stub_.On("/bytes", {{.body = std::string("\xFF\x00\x01", 3)}});
  stub_.On("/empty", {{.status = 204}});
  EXPECT_EQ(Do("http", R"({"url":"%URL%/text"})").output, "\"hello \\\"you\\\"\\n\"");
  EXPECT_EQ(Do("http", R"({"url":"%URL%/bytes"})").output, "{\"base64\":\"/wAB\"}");
  EXPECT_EQ(Do("http", R"({"url":"%URL%/empty"})").output, "null");
}

TEST_F(HttpAction, FailsFrom400AndKeepsTheAnswer) {
  stub_.On("/404", {{.status = 404, .body = "{\"detail\":\"no such thing\"}"}});
  auto end = Do("http", R"({"url":"%URL%/404?token=secret"})");
  EXPECT_EQ(end.outcome, Outcome::kFailed);
  EXPECT_EQ(end.error.code, "http_status");
  EXPECT_EQ(end.error.message, "POST " + stub_.url("/404") + " answered 404: no such thing");
  EXPECT_FALSE(end.error.retryable);
  EXPECT_EQ(end.http_code, 404);
  EXPECT_EQ(end.output, "{\"detail\":\"no such thing\"}");

  stub_.On("/503", {{.status = 503, .headers = {{"Retry-After", "7"}}}});
  end = Do("http", R"({"url":"%URL%/503"})");
  EXPECT_TRUE(end.error.retryable);
  EXPECT_EQ(end.retry_after_ms, 7000);
}

TEST_F(HttpAction, NamesWhatTheNetworkDid) {
  stub_.On("/mute", {{.never = true}});
  stub_.On("/gone", {{.hang_up = true}});
  stub_.On("/big", {{.body = std::string(5000, 'x')}});
  LoadActions({{"http", Parse(R"({"max_response_bytes":4000})")}});
  const auto timeout = Do("http", R"({"url":"%URL%/mute","timeout_ms":50})");
  EXPECT_EQ(timeout.error.code, "timeout");
  EXPECT_TRUE(timeout.error.retryable);
  const auto gone = Do("http", R"({"url":"%URL%/gone"})");
  EXPECT_EQ(gone.error.code, "network");
  EXPECT_TRUE(gone.error.retryable);
  EXPECT_EQ(Do("http", R"({"url":"%URL%/big"})").error.code, "output_too_large");
  const auto denied = Do("http", R"({"url":"http://169.254.169.254/latest/meta-data"})");
  EXPECT_EQ(denied.error.code, "egress_denied");
  EXPECT_FALSE(denied.error.retryable);
}

TEST_F(HttpAction, RefusesWhatCantBeSent) {
  const auto refused = [&](const std::string& input) {
    const auto end = Do("http", input);
    EXPECT_EQ(end.error.code, "input_invalid") << input << " " << Words(end);
    EXPECT_FALSE(end.error.retryable);
    return end.error.message;
  };
  EXPECT_THAT(refused(R"({"url":"ftp://host/x"})"), HasSubstr("http or https is expected"));
  EXPECT_THAT(refused(R"({"url":""})"), HasSubstr("input.url is missing"));
  EXPECT_THAT(refused(R"({"url":"%URL%/","headers":{"X":"a\r\nY: b"}})"), HasSubstr("carriage return"));
  EXPECT_THAT(refused(R"({"url":"%URL%/","headers":{"X\n":"a"}})"), HasSubstr("line feed"));
  EXPECT_THAT(refused(R"({"url":"%URL%/\r\nX: y"})"), HasSubstr("control character"));
  EXPECT_THAT(refused(R"({"url":"%URL%/","query":{"a":{"b":1}}})"), HasSubstr("query"));
  refused(R"({})");
  refused(R"({"url":5})");
  refused(R"({"url":"%URL%/","timeout_ms":0})");
  refused(R"({"url":"%URL%/","follow_redirects":4})");
  refused(R"({"url":"%URL%/","headers":["a"]})");
  refused(R"({"url":"%URL%/","method":"GET /"})");
  refused(R"([])");
  EXPECT_EQ(stub_.Count(), 0u);
}

TEST_F(HttpAction, FollowsRedirectsOnlyWhenAsked) {
  stub_.On("/a", {{.status = 302, .headers = {{"Location", "/b"}}}});
  stub_.On("/b", {{.status = 302, .headers = {{"Location", "/c"}}}});
  stub_.On("/c", {{.body = "\"end\""}});
  EXPECT_EQ(Do("http", R"({"method":"GET","url":"%URL%/a"})").http_code, 302);
  EXPECT_EQ(Do("http", R"({"method":"GET","url":"%URL%/a","follow_redirects":2})").output, "\"end\"");
  const auto end = Do("http", R"({"method":"GET","url":"%URL%/a","follow_redirects":1})");
  EXPECT_EQ(end.error.code, "http_status");
  EXPECT_THAT(end.error.message, HasSubstr("after 1 redirect"));
}

}  // namespace
}  // namespace orc::test
