// The actions `web.search` and `web.extract`, through the built libraries.
#include "plugins/actions/action_fixture.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

class WebSearch : public ActionTest {};

TEST_F(WebSearch, AsksSearxngAndMakesItsResultsEven) {
  stub_.On("/search", {{.body = R"({"query":"a b","results":[{"title":"T","url":"http://r/","content":"C","engine":"e"},{"title":"U"}],
    "unresponsive_engines":[["bing","timeout"]]})"}});
  const auto end = Do("web.search", R"({"url":"%URL%/search","query":"a b","limit":1,"language":"en","categories":["it","news"]})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  const Json output = Parse(end.output);
  EXPECT_EQ(output.at("results"), Parse(R"([{"title":"T","url":"http://r/","content":"C","engine":"e"}])"));
  EXPECT_EQ(IntAt(output, "count"), 1);
  EXPECT_EQ(LastRequest().method, "GET");
  EXPECT_EQ(LastRequest().target, "/search?q=a%20b&format=json&language=en&categories=it%2Cnews");
  EXPECT_TRUE(sink_.WaitLine("these search engines did not answer: bing (timeout)"));
}

TEST_F(WebSearch, SaysHowToGetJson) {
  stub_.On("/search", {{.headers = {{"Content-Type", "text/html"}}, .body = "<html>"}, {.status = 403}});
  const auto end = Do("web.search", R"({"url":"%URL%/search","query":"x"})");
  EXPECT_EQ(end.error.code, "output_invalid");
  EXPECT_THAT(end.error.message, HasSubstr("search.formats"));
  const auto forbidden = Do("web.search", R"({"url":"%URL%/search","query":"x"})");
  EXPECT_EQ(forbidden.error.code, "http_status");
  EXPECT_THAT(forbidden.error.message, HasSubstr("search.formats"));
}

TEST_F(WebSearch, WithoutAQueryItIsAPlainCall) {
  stub_.On("/own", {{.body = "{\"any\":1}"}});
  EXPECT_EQ(Do("web.search", R"({"url":"%URL%/own?x=1"})").output, "{\"any\":1}");
  EXPECT_EQ(LastRequest().target, "/own?x=1");
  EXPECT_EQ(Do("web.search", R"({"limit":3})").error.code, "input_invalid");
  EXPECT_EQ(Do("web.search", R"({"query":""})").error.code, "input_invalid");
}

class WebExtract : public ActionTest {
 protected:
  static StubAnswer Page(std::string html) { return {.headers = {{"Content-Type", "text/html; charset=utf-8"}}, .body = std::move(html)}; }
};

TEST_F(WebExtract, ReadsAPage) {
  stub_.On("/dir/page", {Page("<title>T</title><p>Hello <a href='x'>link</a></p>")});
  const auto end = Do("web.extract", R"({"url":"%URL%/dir/page#part","max_chars":5})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  const Json output = Parse(end.output);
  EXPECT_EQ(output.at("url").as_string(), stub_.url("/dir/page"));
  EXPECT_EQ(output.at("title").as_string(), "T");
  EXPECT_EQ(output.at("text").as_string(), "Hello");
  EXPECT_EQ(output.at("links").at(0).at("url").as_string(), stub_.url("/dir/x"));
  EXPECT_EQ(LastRequest().method, "GET");
  EXPECT_THAT(LastRequest().Header("accept"), HasSubstr("text/html"));
}

TEST_F(WebExtract, FollowsRedirectsAndKnowsWhereItEnded) {
  HttpStub other;
  other.On("/end/", {Page("<a href='x'>x</a>")});
  stub_.On("/a", {{.status = 301, .headers = {{"Location", "b"}}}});
  stub_.On("/b", {{.status = 307, .headers = {{"Location", other.url("/end/")}}}});
  const auto end = Do("web.extract", R"({"url":"%URL%/a","headers":{"Authorization":"secret","X-Own":"1"}})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  EXPECT_EQ(Parse(end.output).at("url").as_string(), other.url("/end/"));
  EXPECT_EQ(Parse(end.output).at("links").at(0).at("url").as_string(), other.url("/end/x"));
  EXPECT_EQ(stub_.requests()[1].Header("authorization"), "secret");
  EXPECT_EQ(other.requests()[0].Header("authorization"), "");
  EXPECT_EQ(other.requests()[0].Header("x-own"), "");
}

TEST_F(WebExtract, RefusesEndlessAndStrangeRedirects) {
  stub_.On("/loop", {{.status = 302, .headers = {{"Location", "/loop"}}}});
  stub_.On("/file", {{.status = 302, .headers = {{"Location", "file:///etc/passwd"}}}});
  stub_.On("/meta", {{.status = 302, .headers = {{"Location", "http://169.254.169.254/"}}}});
  EXPECT_THAT(Do("web.extract", R"({"url":"%URL%/loop"})").error.message, HasSubstr("after 3 redirects is 302"));
  EXPECT_EQ(stub_.Count("/loop"), 4u);
  const auto file = Do("web.extract", R"({"url":"%URL%/file"})");
  EXPECT_EQ(file.error.code, "output_invalid");
  EXPECT_THAT(file.error.message, HasSubstr("file:///etc/passwd"));
  EXPECT_EQ(Do("web.extract", R"({"url":"%URL%/meta"})").error.code, "egress_denied");
}

TEST_F(WebExtract, RefusesWhatIsNoPage) {
  stub_.On("/pdf", {{.headers = {{"Content-Type", "application/pdf"}}, .body = "%PDF"}});
  const auto end = Do("web.extract", R"({"url":"%URL%/pdf"})");
  EXPECT_EQ(end.error.code, "output_invalid");
  EXPECT_THAT(end.error.message, HasSubstr("application/pdf"));
  EXPECT_EQ(end.http_code, 200);
  const auto missing = Do("web.extract", R"({"url":"%URL%/missing"})");
  EXPECT_EQ(missing.error.code, "http_status");
  EXPECT_EQ(missing.http_code, 404);
  EXPECT_EQ(Do("web.extract", "{}").error.code, "input_invalid");
  EXPECT_EQ(Do("web.extract", R"({"url":"file:///etc/passwd"})").error.code, "input_invalid");
}

TEST_F(WebExtract, AsksTheConfiguredService) {
  stub_.On("/v1/extract", {{.body = "{\"title\":\"from the service\"}"}});
  LoadActions({{"web.extract", Parse("{\"base_url\":\"" + stub_.url() + "\"}")}});
  EXPECT_EQ(Do("web.extract", R"({"url":"https://page/","max_chars":9,"mode":"x"})").output, "{\"title\":\"from the service\"}");
  EXPECT_EQ(LastRequest().method, "POST");
  EXPECT_EQ(LastBody(), Parse(R"({"url":"https://page/","max_chars":9,"mode":"x"})"));
}

TEST_F(WebExtract, WithABodyItIsAPlainCall) {
  stub_.On("/svc", {{.body = "[1]"}});
  EXPECT_EQ(Do("web.extract", R"({"url":"%URL%/svc","body":{"url":"https://page/"}})").output, "[1]");
  EXPECT_EQ(LastRequest().method, "POST");
}

TEST_F(WebExtract, ManyPagesAtOnceOnTheSmallPool) {
  std::string html = "<title>T</title>";
  for (int i = 0; i < 2000; ++i) html += "<p>paragraph <a href='/" + std::to_string(i) + "'>x</a></p>";
  stub_.On("/page", {Page(html)});
  LoadActions();
  std::vector<AttemptKey> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(Start("web.extract", "{\"url\":\"" + stub_.url("/page") + "\"}"));
  for (const auto& key : keys) ASSERT_EQ(WaitFor(key).outcome, Outcome::kSucceeded);
}

}  // namespace
}  // namespace orc::test
