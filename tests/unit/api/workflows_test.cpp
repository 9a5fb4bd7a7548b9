// Workflows, versions, templates, validation, actions.
#include "unit/api/api_fixture.h"

namespace orc::test {
namespace {

class Workflows : public ApiTest {
 protected:
  static std::string Document(const std::string& name, const std::string& more = "") {
    return R"({"name":")" + name + R"(","steps":[{"name":"one","action":"test.do","input":{"output":1}}])" + more + "}";
  }
  std::string Make(const std::string& document) {
    const RawAnswer answer = Post("/v1/workflows", document);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return Text(answer.json(), "id");
  }
};

TEST_F(Workflows, AreMadeAndRead) {
  const RawAnswer made = Post("/v1/workflows", Document("demo", R"(,"description":"what it is","x-own":{"kept":1.0})"));
  ASSERT_EQ(made.status, 201) << made.body;
  const Json workflow = made.json();
  const std::string id = Text(workflow, "id");
  EXPECT_TRUE(id.starts_with("wf_"));
  EXPECT_EQ(made.header("location"), "/v1/workflows/" + id);
  EXPECT_EQ(made.header("etag"), "\"1\"");
  EXPECT_EQ(IntAt(workflow, "version"), 1);
  EXPECT_EQ(Text(workflow, "description"), "what it is");
  EXPECT_FALSE(Text(workflow, "created_at").empty());
  const Json& step = Find(workflow, "steps")->as_array().at(0);
  EXPECT_TRUE(Text(step, "id").starts_with("step_"));
  EXPECT_EQ(Text(step, "action"), "test.do");
  const RawAnswer got = Get("/v1/workflows/" + id);
  EXPECT_EQ(got.status, 200);
  EXPECT_NE(got.body.find(R"("kept":1.0)"), std::string::npos) << got.body;
  const Json list = Get("/v1/workflows").json();
  ASSERT_EQ(Find(list, "items")->as_array().size(), 1u);
  EXPECT_EQ(Text(Find(list, "items")->as_array()[0], "id"), id);
  EXPECT_TRUE(Find(list, "next_cursor")->is_null());
  ExpectProblem(Get("/v1/workflows/wf_none"), 404);
}

TEST_F(Workflows, WarnOfUnknownFields) {
  const RawAnswer made = Post("/v1/workflows", R"({"name":"d","descripton":"x","steps":[{"name":"one","action":"test.do","input":{}}]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const Json body = made.json();
  ASSERT_NE(Find(body, "warnings"), nullptr) << made.body;
  const Json& warning = Find(body, "warnings")->as_array().at(0);
  EXPECT_EQ(Text(warning, "pointer"), "/descripton");
  EXPECT_NE(Text(warning, "detail").find("description"), std::string::npos);
}

TEST_F(Workflows, AreRefusedWithEveryProblem) {
  const RawAnswer answer =
      Post("/v1/workflows", R"({"name":7,"steps":[{"name":"one","action":"test.dp","input":{}},{"action":"test.do","input":[]}]})");
  const Json problem = ExpectProblem(answer, 422);
  EXPECT_EQ(Text(problem, "instance"), "/v1/workflows");
  ASSERT_NE(Find(problem, "errors"), nullptr) << answer.body;
  EXPECT_GE(Find(problem, "errors")->as_array().size(), 2u) << answer.body;
  for (const Json& error : Find(problem, "errors")->as_array()) EXPECT_FALSE(Text(error, "detail").empty());
  EXPECT_EQ(Find(problem, "warnings"), nullptr) << answer.body;
}

TEST_F(Workflows, WarnBesideTheErrors) {
  const char* body = R"({"name":"d","descripton":"x","steps":[{"name":"one","action":"test.dp","input":{}}]})";
  const Json problem = ExpectProblem(Post("/v1/workflows", body), 422);
  EXPECT_EQ(Text(Find(problem, "warnings")->as_array().at(0), "pointer"), "/descripton");
  const Json report = Post("/v1/workflows/validate", body).json();
  EXPECT_EQ(Text(Find(report, "warnings")->as_array().at(0), "pointer"), "/descripton");
}

TEST_F(Workflows, GetNewVersionsAndRollBack) {
  const std::string id = Make(Document("first"));
  const RawAnswer put = Call("PUT", "/v1/workflows/" + id, Document("second"));
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(IntAt(put.json(), "version"), 2);
  EXPECT_EQ(put.header("etag"), "\"2\"");
  ExpectProblem(Call("PUT", "/v1/workflows/" + id, Document("third"), {{"If-Match", "\"1\""}}), 412);
  ExpectProblem(Call("PUT", "/v1/workflows/" + id, Document("third"), {{"If-Match", "abc"}}), 400);
  ExpectProblem(Call("PUT", "/v1/workflows/" + id, Document("third"), {{"If-Match", " "}}), 400);
  EXPECT_EQ(Call("PUT", "/v1/workflows/" + id, Document("third"), {{"If-Match", "\"2\""}}).status, 200);
  const RawAnswer back = Post("/v1/workflows/" + id + "/rollback", R"({"version":1})");
  ASSERT_EQ(back.status, 200) << back.body;
  EXPECT_EQ(IntAt(back.json(), "version"), 4);
  EXPECT_EQ(Text(back.json(), "name"), "first");
  const Json versions = Get("/v1/workflows/" + id + "/versions").json();
  ASSERT_EQ(Find(versions, "items")->as_array().size(), 4u);
  const Json& newest = Find(versions, "items")->as_array()[0];
  EXPECT_TRUE(Text(newest, "id").starts_with("wfver_"));
  EXPECT_EQ(Text(newest, "workflow_id"), id);
  EXPECT_EQ(Text(*Find(newest, "payload"), "name"), "first");
  EXPECT_EQ(Text(*Find(Get("/v1/workflows/" + id + "/versions/3").json(), "payload"), "name"), "third");
  for (const char* bad : {"9", "0", "x", "99999999999"}) ExpectProblem(Get("/v1/workflows/" + id + "/versions/" + bad), 404);
  ExpectProblem(Post("/v1/workflows/" + id + "/rollback", R"({"version":9})"), 404);
  ExpectProblem(Post("/v1/workflows/" + id + "/rollback", R"({"version":"1"})"), 422);
  ExpectProblem(Post("/v1/workflows/" + id + "/rollback", R"({})"), 422);
}

TEST_F(Workflows, PageByCursor) {
  for (int i = 0; i < 5; ++i) Make(Document("w" + std::to_string(i)));
  std::vector<std::string> names;
  std::string target = "/v1/workflows?limit=2";
  for (int page = 0; page < 3; ++page) {
    const Json list = Get(target).json();
    for (const Json& item : Find(list, "items")->as_array()) names.push_back(Text(item, "name"));
    target = "/v1/workflows?limit=2&cursor=" + Text(list, "next_cursor");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"w4", "w3", "w2", "w1", "w0"}));
  ExpectProblem(Get("/v1/workflows?cursor=nonsense"), 400);
  ExpectProblem(Get("/v1/workflows?limit=501"), 400);
}

TEST_F(Workflows, AreArchivedUnlessRunsAreLive) {
  const std::string id = MakeWorkflow({R"({"hold":"archive"})"});
  const std::string run = StartRun(id);
  ExpectProblem(Call("DELETE", "/v1/workflows/" + id), 409);
  EXPECT_EQ(Call("DELETE", "/v1/workflows/" + id + "?force").status, 204);
  EXPECT_EQ(Call("DELETE", "/v1/workflows/" + id).status, 204);
  ExpectProblem(Post("/v1/runs", R"({"workflow_id":")" + id + "\"}"), 409);
  ExpectProblem(Call("PUT", "/v1/workflows/" + id, Document("x")), 409);
  EXPECT_TRUE(Find(Get("/v1/workflows").json(), "items")->as_array().empty());
  EXPECT_EQ(Find(Get("/v1/workflows?archived=true").json(), "items")->as_array().size(), 1u);
  runner.Release("archive");
  WaitForStatus(run, "SUCCEEDED");
}

TEST_F(Workflows, AreKnownByKeyToo) {
  const std::string id = Make(Document("keyed", R"(,"key":"my_key")"));
  EXPECT_EQ(Text(Get("/v1/workflows/my_key").json(), "id"), id);
  ExpectProblem(Post("/v1/workflows", Document("again", R"(,"key":"my_key")")), 409);
  // The next version's document need not repeat it, nor need one that is gone back to.
  EXPECT_EQ(Text(Call("PUT", "/v1/workflows/my_key", Document("second")).json(), "key"), "my_key");
  EXPECT_EQ(Text(Post("/v1/workflows/my_key/rollback", R"({"version":2})").json(), "key"), "my_key");
  ExpectProblem(Post("/v1/workflows", Document("shadow", R"(,"key":")" + id + "\"")), 409);
  EXPECT_EQ(Text(Post("/v1/runs?wait=10s", R"({"workflow_id":"my_key"})").json(), "workflow_id"), id);
  EXPECT_EQ(Find(Get("/v1/runs?workflow_id=my_key").json(), "items")->as_array().size(), 1u);
}

TEST_F(Workflows, AreCheckedWithoutBeingStored) {
  const Json good = Post("/v1/workflows/validate", Document("x")).json();
  EXPECT_TRUE(BoolAt(good, "valid", false));
  const RawAnswer bad = Post("/v1/workflows/validate", R"({"name":"x","steps":[{"name":"one","action":"nope","input":{}}]})");
  EXPECT_EQ(bad.status, 200);
  EXPECT_FALSE(BoolAt(bad.json(), "valid", true));
  EXPECT_FALSE(Find(bad.json(), "errors")->as_array().empty());
  EXPECT_TRUE(Find(Get("/v1/workflows").json(), "items")->as_array().empty());
}

TEST_F(Workflows, TemplatesWarnOfParamsTheyDoNotDeclare) {
  const auto warnings = [&](const std::string& params) {
    const RawAnswer answer = Post(
        "/v1/templates", R"({"name":"t")" + params + R"(,"steps":[{"name":"a","action":"test.do","input":{"output":"{{ params.x }}"}}]})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    const Json json = answer.json();
    const Json* found = Find(json, "warnings");
    return found == nullptr ? std::string() : PrintJson(*found);
  };
  EXPECT_EQ(warnings(R"(,"params":{"type":"object","properties":{"x":{"type":"integer","default":3}}})"), "");
  EXPECT_NE(warnings(R"(,"params":{"type":"object","properties":{"xx":{"type":"integer"}}})").find("declares no param \\\"x\\\""),
            std::string::npos);
}

TEST_F(Workflows, RollbackIsSafeToRepeat) {
  const std::string id = Make(Document("first"));
  const auto back = [&](const std::vector<std::pair<std::string, std::string>>& headers) {
    return Call("POST", "/v1/workflows/" + id + "/rollback", R"({"version":1})", headers);
  };
  EXPECT_EQ(back({{"Idempotency-Key", "k"}}).header("etag"), "\"2\"");
  const RawAnswer again = back({{"Idempotency-Key", "k"}});
  EXPECT_EQ(again.header("etag"), "\"2\"");
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  ExpectProblem(back({{"If-Match", "\"1\""}}), 412);
  EXPECT_EQ(back({{"If-Match", "\"2\""}}).header("etag"), "\"3\"");
}

TEST_F(Workflows, AreMadeOfTemplates) {
  const RawAnswer made =
      Post("/v1/templates",
           R"({"name":"greet","description":"d","params":{"type":"object","properties":{"who":{"type":"string","default":"world"}}},
      "steps":[{"name":"one","action":"test.do","input":{"output":"hello {{ params.who }}"}}]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = Text(made.json(), "id");
  EXPECT_TRUE(id.starts_with("tpl_"));
  EXPECT_EQ(made.header("location"), "/v1/templates/" + id);
  EXPECT_EQ(Text(Get("/v1/templates/" + id).json(), "name"), "greet");
  EXPECT_EQ(Find(Get("/v1/templates").json(), "items")->as_array().size(), 1u);
  const RawAnswer workflow = Post("/v1/workflows", R"({"template_id":")" + id + R"(","params":{"who":"Ana"},"name":"mine","parms":1})");
  ASSERT_EQ(workflow.status, 201) << workflow.body;
  EXPECT_EQ(Text(workflow.json(), "name"), "mine");
  EXPECT_NE(workflow.body.find("hello Ana"), std::string::npos) << workflow.body;
  EXPECT_NE(workflow.body.find("/parms"), std::string::npos) << "no warning: " << workflow.body;
  ExpectProblem(Post("/v1/workflows", R"({"template_id":")" + id + R"(","params":{"who":7}})"), 422);
  ExpectProblem(Post("/v1/workflows", R"({"template_id":"tpl_none"})"), 422);
  const RawAnswer put = Call("PUT", "/v1/templates/" + id, R"({"name":"other","steps":[{"name":"one","action":"test.do","input":{}}]})");
  EXPECT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(Text(Get("/v1/templates/" + id).json(), "name"), "other");
  EXPECT_EQ(Call("DELETE", "/v1/templates/" + id).status, 204);
  ExpectProblem(Get("/v1/templates/" + id), 404);
  ExpectProblem(Call("DELETE", "/v1/templates/" + id), 404);
}

TEST_F(Workflows, ActionsAreListed) {
  const Json list = Get("/v1/actions").json();
  EXPECT_EQ(Find(list, "items")->as_array().size(), BuiltInActions().size() + 1);
  const RawAnswer one = Get("/v1/actions/test.do");
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(Text(*Find(one.json(), "plugin"), "version"), "4.5.6");
  EXPECT_TRUE(Find(one.json(), "input_schema")->is_object());
  EXPECT_EQ(one.body.find("/somewhere"), std::string::npos);
  EXPECT_NE(Text(ExpectProblem(Get("/v1/actions/test.dp"), 404), "detail").find("test.do"), std::string::npos);
}

}  // namespace
}  // namespace orc::test
