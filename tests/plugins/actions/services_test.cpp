// What the service actions have in common, and memarch.* and scm.call, through the built libraries.
#include "plugins/actions/action_fixture.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

struct Service {
  const char* action;
  const char* input;  // the least that it takes, without url
  const char* path;
  const char* setting;
};
const Service kServices[] = {{"ai_router.chat", R"("prompt":"hi")", "/v1/chat/completions", "ai_router.base_url"},
                             {"web.search", R"("query":"q")", "/search", "web.search.base_url"},
                             {"memarch.store_fact", R"("fact":"f")", "/v1/facts", "memarch.base_url"},
                             {"memarch.search", R"("query":"q")", "/v1/search", "memarch.base_url"},
                             {"scm.call", R"("path":"/repos/x")", "/repos/x", "scm.base_url"}};

class ServiceActions : public ActionTest {
 protected:
  ServiceActions() {
    stub_.Otherwise([](const StubRequest&) { return StubAnswer{.body = R"({"results":[],"choices":[]})"}; });
  }
  /// The same configuration for all.
  std::map<std::string, Json> ForAll(const std::string& more = "") {
    std::map<std::string, Json> config;
    for (const auto& service : kServices) config[service.action] = Parse("{\"base_url\":\"" + stub_.url("/base") + "\"" + more + "}");
    return config;
  }
};

TEST_F(ServiceActions, AllSevenLoad) {
  LoadActions();
  for (const auto& service : kServices) EXPECT_NE(plugins_->Find(service.action), nullptr) << service.action;
  EXPECT_NE(plugins_->Find("http"), nullptr);
  EXPECT_NE(plugins_->Find("web.extract"), nullptr);
}

TEST_F(ServiceActions, UseTheConfiguredServiceAndItsDefaultPath) {
  LoadActions(ForAll());
  for (const auto& service : kServices) {
    const auto end = Do(service.action, std::string("{") + service.input + "}");
    EXPECT_EQ(end.outcome, Outcome::kSucceeded) << service.action << " " << Words(end);
    EXPECT_EQ(LastRequest().path, std::string("/base") + service.path);
    EXPECT_FALSE(LastRequest().Header("idempotency-key").empty());
  }
}

TEST_F(ServiceActions, TakeAnotherPathFromTheConfiguration) {
  LoadActions(ForAll(R"(,"path":"/other")"));
  for (const auto& service : kServices) {
    if (std::string_view(service.action) == "scm.call") continue;  // the step's own path counts
    Do(service.action, std::string("{") + service.input + "}");
    EXPECT_EQ(LastRequest().path, "/base/other") << service.action;
  }
  Do("scm.call", "{}");
  EXPECT_EQ(LastRequest().path, "/base/other");
}

TEST_F(ServiceActions, PreferTheStepsOwnUrlAndKeepConfiguredCredentialsFromIt) {
  HttpStub elsewhere;
  elsewhere.Otherwise([](const StubRequest&) { return StubAnswer{.body = R"({"results":[],"choices":[]})"}; });
  LoadActions(ForAll(R"(,"headers":{"Authorization":"Bearer secret"})"));
  for (const auto& service : kServices) {
    Do(service.action, std::string("{") + service.input + "}");
    EXPECT_EQ(LastRequest().Header("authorization"), "Bearer secret") << service.action;
    const size_t before = elsewhere.Count();
    Do(service.action, std::string("{\"url\":\"") + elsewhere.url("/own") + "\"," + service.input + "}");
    ASSERT_EQ(elsewhere.Count(), before + 1) << service.action;
    EXPECT_EQ(elsewhere.requests().back().Header("authorization"), "") << service.action;
  }
  Do("memarch.search", R"({"query":"q","headers":{"authorization":"mine"}})");
  EXPECT_EQ(LastRequest().Header("authorization"), "mine");
}

TEST_F(ServiceActions, SayWhichSettingIsMissing) {
  for (const auto& service : kServices) {
    const auto end = Do(service.action, std::string("{") + service.input + "}");
    EXPECT_EQ(end.error.code, "input_invalid");
    EXPECT_THAT(end.error.message, HasSubstr(service.setting));
  }
}

TEST_F(ServiceActions, SendABodyOfTheStepsOwnAsItIs) {
  LoadActions(ForAll());
  for (const auto& service : kServices) {
    stub_.On("/own", {{.body = "plain text"}});
    const auto end = Do(service.action, R"({"url":"%URL%/own","method":"PATCH","body":{"mine":1}})");
    EXPECT_EQ(end.output, "\"plain text\"") << service.action << " " << Words(end);
    EXPECT_EQ(LastRequest().method, "PATCH");
    EXPECT_EQ(LastRequest().body, "{\"mine\":1}");
  }
}

TEST_F(ServiceActions, FailWhenTheServiceDoes) {
  stub_.Otherwise([](const StubRequest&) {
    return StubAnswer{.status = 429, .headers = {{"Retry-After", "2"}}, .body = "{\"error\":\"slow down\"}"};
  });
  LoadActions(ForAll());
  for (const auto& service : kServices) {
    const auto end = Do(service.action, std::string("{") + service.input + "}");
    EXPECT_EQ(end.error.code, "http_status") << service.action;
    EXPECT_THAT(end.error.message, HasSubstr("answered 429: slow down"));
    EXPECT_TRUE(end.error.retryable);
    EXPECT_EQ(end.retry_after_ms, 2000);
    EXPECT_EQ(end.output, "{\"error\":\"slow down\"}");
  }
}

TEST_F(ServiceActions, AConfigurationThatIsWrongCostsOnlyItsAction) {
  Plugins::Options options;
  options.folders = {std::string(ORC_BINARY_DIR) + "/lib/orchestrator/plugins"};
  options.check_ownership = false;
  options.action_config["memarch.search"] = Parse(R"({"base_url":"ftp://x"})");
  options.action_config["scm.call"] = Parse(R"({"base_url":"http://x/?a=1"})");
  options.action_config["ai_router.chat"] = Parse(R"({"base_ulr":"http://x"})");
  Load(options);
  std::string all;
  for (const auto& failure : plugins_->failures()) all += failure.detail + "\n";
  EXPECT_THAT(all, HasSubstr("base_url: the URL \"ftp://x\" has the scheme \"ftp\""));
  EXPECT_THAT(all, HasSubstr("has a query or a fragment"));
  EXPECT_THAT(all, HasSubstr("base_ulr"));
  EXPECT_EQ(plugins_->failures().size(), 3u) << all;
  EXPECT_NE(plugins_->Find("memarch.store_fact"), nullptr);
}

class Memarch : public ServiceActions {};

TEST_F(Memarch, PostsTheParametersWithTheProject) {
  std::map<std::string, Json> config;
  for (const char* action : {"memarch.search", "memarch.store_fact"}) {
    config[action] = Parse("{\"base_url\":\"" + stub_.url() + "\",\"project_id\":\"configured\"}");
  }
  LoadActions(config);
  Do("memarch.store_fact", R"({"fact":{"a":1.0},"tags":["x"],"timeout_ms":5000,"extra":null})");
  EXPECT_EQ(LastRequest().body, R"({"project_id":"configured","fact":{"a":1.0},"tags":["x"],"extra":null})");
  EXPECT_EQ(LastRequest().Header("content-type"), "application/json");
  Do("memarch.search", R"({"query":"q","project_id":"mine","limit":3})");
  EXPECT_EQ(LastBody(), Parse(R"({"query":"q","project_id":"mine","limit":3})"));
  Do("memarch.search", R"({"query":"a b","limit":3,"method":"GET"})");
  EXPECT_EQ(LastRequest().target, "/v1/search?project_id=configured&query=a%20b&limit=3");
  EXPECT_EQ(LastRequest().body, "");
}

class ScmCall : public ServiceActions {};

TEST_F(ScmCall, JoinsPathsSafely) {
  LoadActions(ForAll());
  Do("scm.call", R"({"method":"GET","path":"projects/a%2Fb/issues?state=open","query":{"page":2}})");
  EXPECT_EQ(LastRequest().target, "/base/projects/a%2Fb/issues?state=open&page=2");
  const size_t before = stub_.Count();
  for (const char* path : {"../admin", "a/%2e%2e/b", "//evil/x", "http://evil/x", "a\\\\b"}) {
    const auto end = Do("scm.call", std::string("{\"path\":\"") + path + "\"}");
    EXPECT_EQ(end.error.code, "input_invalid") << path;
    EXPECT_THAT(end.error.message, HasSubstr("the path"));
  }
  EXPECT_EQ(stub_.Count(), before);
  Do("scm.call", R"({"url":"%URL%/api/","path":"/x","body":{"title":"t"}})");
  EXPECT_EQ(LastRequest().path, "/api/x");
  EXPECT_EQ(LastRequest().method, "POST");
  EXPECT_EQ(LastRequest().body, R"({"title":"t"})");
}

}  // namespace
}  // namespace orc::test
