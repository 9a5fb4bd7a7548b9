// Bad input at every place, routing, idempotency, health.
#include "unit/api/api_fixture.h"

namespace orc::test {
namespace {

class Errors : public ApiTest {};

std::string Deep(int depth) {
  std::string text = R"({"a":)";
  for (int i = 1; i < depth; ++i) text += "[";
  for (int i = 1; i < depth; ++i) text += "]";
  return text + "}";
}

TEST_F(Errors, EveryBodyEndpointRefusesBrokenJson) {
  const std::string workflow = MakeWorkflow({R"({"output":1})"});
  const std::string run = StartRun(workflow);
  const std::vector<std::pair<const char*, std::string>> endpoints = {{"POST", "/v1/workflows"},
                                                                      {"PUT", "/v1/workflows/" + workflow},
                                                                      {"POST", "/v1/workflows/validate"},
                                                                      {"POST", "/v1/workflows/" + workflow + "/rollback"},
                                                                      {"POST", "/v1/templates"},
                                                                      {"POST", "/v1/runs"},
                                                                      {"POST", "/v1/runs/" + run + "/approve"},
                                                                      {"POST", "/v1/runs/" + run + "/reject"},
                                                                      {"POST", "/v1/runs/" + run + "/cancel"},
                                                                      {"POST", "/v1/runs/" + run + "/retry"}};
  const std::vector<std::string> broken = {"{",
                                           R"({"a":1,})",
                                           "{\n  \"a\": tru\n}",
                                           R"({"a":1}{"b":2})",
                                           R"({"a":1,"a":2})",
                                           R"({"a":99999999999999999999})",
                                           R"({"a":-9223372036854775809})",
                                           R"({"a":1e999})",
                                           "{\"a\":\"\xff\xfe\"}",
                                           "{\"a\":\"\xed\xa0\x80\"}",
                                           Deep(129),
                                           Deep(100'000),
                                           R"({"a":"\ud800"})",
                                           R"({'a':1})",
                                           "\xef\xbb\xbf{",
                                           "nonsense"};
  for (const auto& [method, target] : endpoints) {
    for (const std::string& body : broken) {
      const RawAnswer answer = Call(method, target, body);
      const Json problem = ExpectProblem(answer, 400);
      EXPECT_NE(Text(problem, "detail").find("line "), std::string::npos) << target << " " << body.substr(0, 40) << ": " << answer.body;
    }
    // Readable, but no object.
    for (const char* body : {"[]", "1", "\"text\"", "null", "true"}) ExpectProblem(Call(method, target, body), 422);
    ExpectProblem(Call(method, target, "<a/>", {{"Content-Type", "application/xml"}}), 415);
    ExpectProblem(Call(method, target, "a=1", {{"Content-Type", "application/x-www-form-urlencoded"}}), 415);
  }
}

TEST_F(Errors, QueryParametersThatAreNotKnownAreRefused) {
  const Json problem = ExpectProblem(Get("/v1/runs?limit=5&staus=FAILED"), 400);
  EXPECT_EQ(Text(problem, "detail"),
            "the query parameter \"staus\" is not known here (did you mean \"status\"?); known: status, workflow_id, schedule_id, label, "
            "created_after, "
            "created_before, limit, cursor");
  ExpectProblem(Post("/v1/runs/run_x/approve?force=true"), 400);
  EXPECT_EQ(Get("/healthz?probe=1").status, 200);
}

TEST_F(Errors, ACodedBodyIsRefused) {
  const std::string document = R"({"name":"d","steps":[{"name":"one","action":"test.do","input":{}}]})";
  ExpectProblem(Call("POST", "/v1/workflows", document, {{"Content-Encoding", "gzip"}}), 415);
  EXPECT_EQ(Call("POST", "/v1/workflows", document, {{"Content-Encoding", "identity"}}).status, 201);
}

TEST_F(Errors, AnEmptyBodyIsToldWhereOneIsNeeded) {
  for (const char* target : {"/v1/workflows", "/v1/runs", "/v1/templates", "/v1/workflows/validate"}) ExpectProblem(Post(target), 400);
}

TEST_F(Errors, JsonTypesAreTaken) {
  const std::string document = R"({"name":"d","steps":[{"name":"one","action":"test.do","input":{}}]})";
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json", ""}) {
    EXPECT_EQ(Call("POST", "/v1/workflows", document, {{"Content-Type", type}}).status, 201) << type;
  }
}

TEST_F(Errors, ProblemsNameTheirPlace) {
  const Json problem = ExpectProblem(Get("/v1/nothing?x=1"), 404);
  EXPECT_EQ(Text(problem, "instance"), "/v1/nothing");
  EXPECT_EQ(Text(problem, "type"), "urn:orchestrator:problem:not-found");
}

TEST_F(Errors, MethodsThatAreNotPossibleAreAnsweredWithThosethatAre) {
  const RawAnswer answer = Call("DELETE", "/v1/workflows");
  ExpectProblem(answer, 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, POST");
  EXPECT_EQ(Call("PATCH", "/v1/runs/run_1").header("allow"), "GET, HEAD, DELETE");
  ExpectProblem(Call("BREW", "/v1/workflows"), 501);
  ExpectProblem(Get("/v1/runs/"), 404);
}

TEST_F(Errors, HostileNamesAreShownSafely) {
  const RawAnswer answer = Get("/v1/runs/x%0d%0aSet-Cookie:%20a%22%3Cscript%3E%ff");
  ExpectProblem(answer, 404);
  EXPECT_EQ(answer.header("set-cookie"), "");
}

TEST_F(Errors, HealthAndReadiness) {
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Text(Get("/").json(), "api"), "/v1");
  server->SetReady(false);
  EXPECT_EQ(Get("/healthz").status, 200);
  const RawAnswer answer = Get("/readyz");
  ExpectProblem(answer, 503);
  EXPECT_FALSE(answer.header("retry-after").empty());
}

class Idempotency : public ApiTest {
 protected:
  RawAnswer PostWithKey(const std::string& target, const std::string& body, const std::string& key) {
    return Call("POST", target, body, {{"Idempotency-Key", key}});
  }
};

TEST_F(Idempotency, TheSameRequestGetsTheFirstAnswerAgain) {
  const std::string workflow = MakeWorkflow({R"({"output":1})"});
  const std::string body = R"({"workflow_id":")" + workflow + "\"}";
  const RawAnswer first = PostWithKey("/v1/runs", body, "k1");
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(first.header("idempotent-replayed"), "");
  const RawAnswer again = PostWithKey("/v1/runs", body, "k1");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(again.header("location"), first.header("location"));
  EXPECT_EQ(again.body, first.body);
  ExpectProblem(PostWithKey("/v1/runs", R"({"workflow_id":")" + workflow + R"(","context":{}})", "k1"), 422);
  EXPECT_EQ(Find(Get("/v1/runs").json(), "items")->as_array().size(), 1u);
  // Another key, another run.
  EXPECT_NE(PostWithKey("/v1/runs", body, "k2").header("location"), first.header("location"));
}

TEST_F(Idempotency, HoldsForEverythingThatIsMade) {
  const std::string document = R"({"name":"d","steps":[{"name":"one","action":"test.do","input":{}}]})";
  const RawAnswer workflow = PostWithKey("/v1/workflows", document, "k");
  ASSERT_EQ(workflow.status, 201) << workflow.body;
  EXPECT_EQ(PostWithKey("/v1/workflows", document, "k").body, workflow.body);
  // The scope is the path: the same key may be used elsewhere.
  const RawAnswer made = PostWithKey("/v1/templates", document, "k");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(PostWithKey("/v1/templates", document, "k").header("location"), made.header("location"));
  const std::string run = StartRun(Text(workflow.json(), "id"));
  EXPECT_EQ(PostWithKey("/v1/runs/" + run + "/logs", "line", "k").status, 200);
  EXPECT_EQ(PostWithKey("/v1/runs/" + run + "/logs", "line", "k").header("idempotent-replayed"), "true");
}

TEST_F(Idempotency, ARefusedRequestLeavesTheKeyFree) {
  ExpectProblem(PostWithKey("/v1/workflows", R"({"name":1})", "k"), 422);
  EXPECT_EQ(PostWithKey("/v1/workflows", R"({"name":"d","steps":[{"name":"one","action":"test.do","input":{}}]})", "k").status, 201);
}

TEST_F(Idempotency, ConcurrentEqualRequestsMakeOneThing) {
  const std::string body = R"({"workflow_id":")" + MakeWorkflow({R"({"output":1})"}) + "\"}";
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(Connect());
  for (RawClient& client : clients) client.Send(MakeRequest("POST", "/v1/runs", body, {{"Idempotency-Key", "same"}}));
  int made = 0;
  for (RawClient& client : clients) {
    const RawAnswer answer = client.Read();
    EXPECT_TRUE(answer.status == 201 || answer.status == 409) << answer.body;
    made += answer.status == 201 && answer.header("idempotent-replayed").empty();
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(Find(Get("/v1/runs").json(), "items")->as_array().size(), 1u);
}

TEST_F(Idempotency, TwoSpellingsOfAPathAreOneScope) {
  const std::string body = R"({"workflow_id":")" + MakeWorkflow({R"({"output":1})"}) + "\"}";
  const RawAnswer first = PostWithKey("/v1/runs", body, "k");
  EXPECT_EQ(PostWithKey("/v1/%72uns", body, "k").header("location"), first.header("location"));
}

TEST_F(Idempotency, AKeyIsFreeOnceItsFirstAnswerIsOnTheDisk) {
  const std::string body = R"({"workflow_id":")" + MakeWorkflow({R"({"hold":"long"})"}) + "\"}";
  RawClient waiting = Connect();
  waiting.Send(MakeRequest("POST", "/v1/runs?wait=60s", body, {{"Idempotency-Key", "k"}}));
  RawAnswer again;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  // Before it is there, the second request could be the one that makes it.
  while (Find(Get("/v1/runs").json(), "items")->as_array().empty() && std::chrono::steady_clock::now() < deadline) {
  }
  do {
    again = PostWithKey("/v1/runs", body, "k");
  } while (again.header("idempotent-replayed").empty() && std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  runner.Release("long");
  EXPECT_EQ(waiting.Read().header("location"), again.header("location"));
}

TEST_F(Idempotency, BadKeysAreRefused) {
  ExpectProblem(Call("POST", "/v1/runs", "{}", {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}}), 400);
  for (const std::string& key : {std::string(256, 'x'), std::string("a b")}) ExpectProblem(PostWithKey("/v1/runs", "{}", key), 400);
}

}  // namespace
}  // namespace orc::test
