// Runs: creation, reading, lists, decisions, waiting.
#include "unit/api/api_fixture.h"

namespace orc::test {
namespace {

class Runs : public ApiTest {
 protected:
  static const Json& Step(const Json& run, size_t index) { return Find(run, "steps")->as_array().at(index); }
};

TEST_F(Runs, HaveTheShapeThatClientsExpect) {
  const std::string workflow =
      MakeWorkflow({R"({"output":{"n":1.0,"big":9007199254740993},"headers":{"X-A":"b"}})", R"({"hold":"shape"})"});
  const RawAnswer made =
      Post("/v1/runs", R"({"workflow_id":")" + workflow + R"(","context":{"project_id":"default"},"labels":{"env":"test"}})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = Text(made.json(), "id");
  EXPECT_TRUE(id.starts_with("run_"));
  EXPECT_EQ(made.header("location"), "/v1/runs/" + id);
  EXPECT_EQ(Find(made.json(), "steps")->as_array().size(), 2u);
  Json run;
  do {
    run = Get("/v1/runs/" + id).json();
  } while (Text(Step(run, 0), "status") != "SUCCEEDED");
  EXPECT_EQ(Text(run, "workflow_id"), workflow);
  EXPECT_EQ(IntAt(run, "workflow_version"), 1);
  EXPECT_EQ(Text(run, "status"), "RUNNING");
  EXPECT_EQ(Text(run, "phase"), "steps");
  EXPECT_EQ(IntAt(run, "attempt"), 1);
  EXPECT_EQ(IntAt(run, "current_step"), 1);
  EXPECT_EQ(Text(run, "current_step_id"), Text(Step(run, 1), "step_id"));
  EXPECT_EQ(Text(*Find(run, "context"), "project_id"), "default");
  EXPECT_EQ(Text(*Find(run, "labels"), "env"), "test");
  EXPECT_TRUE(Find(run, "error")->is_string());
  EXPECT_TRUE(Find(run, "finished_at")->is_null());
  const Json& first = Step(run, 0);
  for (const char* key : {"step_id", "name", "action", "started_at", "finished_at"}) EXPECT_FALSE(Text(first, key).empty()) << key;
  EXPECT_EQ(IntAt(first, "http_code"), 200);
  EXPECT_EQ(IntAt(first, "attempts"), 1);
  EXPECT_EQ(Text(*Find(first, "response_headers"), "X-A"), "b");
  EXPECT_TRUE(Find(first, "error_detail")->is_null());
  EXPECT_EQ(Text(Step(run, 1), "status"), "RUNNING");
  EXPECT_TRUE(Find(Step(run, 1), "output")->is_null());
  // The output is the very text that the action gave.
  EXPECT_NE(Get("/v1/runs/" + id).body.find(R"("output":{"n":1.0,"big":9007199254740993})"), std::string::npos);
  runner.Release("shape");
  const Json end = WaitForStatus(id, "SUCCEEDED");
  EXPECT_EQ(IntAt(end, "current_step"), 2);
  EXPECT_TRUE(Find(end, "current_step_id")->is_null());
  EXPECT_FALSE(Text(end, "finished_at").empty());
}

TEST_F(Runs, ShowWhyTheyFailed) {
  const std::string workflow = MakeWorkflow({R"({"fail":"the far side said no","output":{"why":1}})", R"({})"});
  const Json run = Post("/v1/runs?wait=20s", R"({"workflow_id":")" + workflow + "\"}").json();
  EXPECT_EQ(Text(run, "status"), "FAILED");
  EXPECT_NE(Text(run, "error").find("the far side said no"), std::string::npos);
  const Json& step = Step(run, 0);
  EXPECT_EQ(Text(step, "status"), "FAILED");
  EXPECT_EQ(Text(step, "error"), "the far side said no");
  EXPECT_EQ(Text(*Find(step, "error_detail"), "code"), "http_status");
  EXPECT_EQ(IntAt(*Find(*Find(step, "error_detail"), "detail"), "status"), 500);
  EXPECT_EQ(IntAt(*Find(step, "output"), "why"), 1);
  EXPECT_EQ(Text(Step(run, 1), "status"), "SKIPPED");
}

TEST_F(Runs, LinkToLongOutputs) {
  options.inline_output_bytes = 100;
  const std::string text(5000, 'x');
  const std::string workflow = MakeWorkflow({R"({"output":")" + text + "\"}", R"({"output":"short"})"});
  const Json run = Post("/v1/runs?wait=20s", R"({"workflow_id":")" + workflow + "\"}").json();
  ASSERT_EQ(Text(run, "status"), "SUCCEEDED");
  const Json& output = *Find(Step(run, 0), "output");
  EXPECT_EQ(IntAt(output, "bytes"), 5002);
  EXPECT_EQ(Text(Step(run, 1), "output"), "short");
  const RawAnswer whole = Get(Text(output, "$ref"));
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "\"" + text + "\"");
  ExpectProblem(Get("/v1/runs/" + Text(run, "id") + "/steps/nope/output"), 404);
}

TEST_F(Runs, WaitForTheEnd) {
  const std::string workflow = MakeWorkflow({R"({"output":1})", R"({"output":2})"});
  const RawAnswer done = Post("/v1/runs?wait=20s", R"({"workflow_id":")" + workflow + "\"}");
  EXPECT_EQ(done.status, 201);
  EXPECT_FALSE(done.header("location").empty());
  EXPECT_EQ(Text(done.json(), "status"), "SUCCEEDED");
  EXPECT_EQ(Get(done.header("location") + "?wait=20s").status, 200);
}

TEST_F(Runs, WaitNoLongerThanAsked) {
  const std::string workflow = MakeWorkflow({R"({"hold":"wait"})"});
  const RawAnswer made = Post("/v1/runs?wait=50ms", R"({"workflow_id":")" + workflow + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(Text(made.json(), "status"), "RUNNING");
  EXPECT_EQ(Text(Get(made.header("location") + "?wait=50ms").json(), "status"), "RUNNING");
  RawClient client = Connect();
  client.Send(MakeRequest("GET", made.header("location") + "?wait=60s"));
  runner.Release("wait");
  EXPECT_EQ(Text(client.Read().json(), "status"), "SUCCEEDED");
  ExpectProblem(Get("/v1/runs/run_none?wait=1s"), 404);
  ExpectProblem(Get(made.header("location") + "?wait=forever"), 400);
}

TEST_F(Runs, ManyWaitersAreServed) {
  const std::string workflow = MakeWorkflow({R"({"hold":"many"})"});
  const std::string run = StartRun(workflow);
  std::vector<RawClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(Connect());
    clients.back().Send(MakeRequest("GET", "/v1/runs/" + run + "?wait=60s"));
  }
  runner.Release("many");
  for (RawClient& client : clients) EXPECT_EQ(Text(client.Read().json(), "status"), "SUCCEEDED");
}

TEST_F(Runs, AreFilteredAndPaged) {
  const std::string a = MakeWorkflow({R"({"output":1})"});
  const std::string b = MakeWorkflow({R"({"fail":"no"})"});
  const std::string before = FormatTime(clock.NowUs() - 1);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(
        Post("/v1/runs?wait=20s", R"({"workflow_id":")" + a + R"(","labels":{"env":"prod","i":")" + std::to_string(i) + "\"}}").status,
        201);
    ASSERT_EQ(Post("/v1/runs?wait=20s", R"({"workflow_id":")" + b + "\"}").status, 201);
  }
  const auto count = [this](const std::string& query) { return Find(Get("/v1/runs?" + query).json(), "items")->as_array().size(); };
  EXPECT_EQ(count(""), 6u);
  EXPECT_EQ(count("status=FAILED"), 3u);
  EXPECT_EQ(count("status=FAILED,SUCCEEDED"), 6u);
  EXPECT_EQ(count("status=FAILED&status=CANCELED"), 3u);
  EXPECT_EQ(count("workflow_id=" + a), 3u);
  EXPECT_EQ(count("label=env%3Dprod"), 3u);
  EXPECT_EQ(count("label=env=prod&label=i=1"), 1u);
  EXPECT_EQ(count("created_before=" + before), 0u);
  EXPECT_EQ(count("created_after=" + before), 6u);
  const Json page = Get("/v1/runs?limit=4").json();
  EXPECT_EQ(Find(page, "items")->as_array().size(), 4u);
  EXPECT_EQ(Find(Find(page, "items")->as_array()[0], "steps"), nullptr);
  EXPECT_EQ(count("limit=4&cursor=" + Text(page, "next_cursor")), 2u);
  for (const char* bad : {"status=DONE", "label=env", "created_after=yesterday", "limit=x"})
    ExpectProblem(Get(std::string("/v1/runs?") + bad), 400);
}

TEST_F(Runs, ApproveNeedsNoBody) {
  const std::string workflow = MakeWorkflow({R"({"output":1})", R"({"output":2})"}, R"(,"requires_approval":true)");
  const std::string run = StartRun(workflow);
  WaitForStatus(run, "WAITING_APPROVAL");
  const Json pending = Get("/v1/approvals").json();
  ASSERT_EQ(Find(pending, "items")->as_array().size(), 1u);
  EXPECT_EQ(Text(Find(pending, "items")->as_array()[0], "run_id"), run);
  EXPECT_EQ(Text(Find(pending, "items")->as_array()[0], "step_name"), "step 1");
  EXPECT_EQ(Call("POST", "/v1/runs/" + run + "/approve", "", {{"Content-Type", "application/x-www-form-urlencoded"}}).status, 200);
  Json now;
  do {
    now = Get("/v1/runs/" + run).json();
  } while (Text(Step(now, 1), "status") != "WAITING_APPROVAL");
  EXPECT_TRUE(BoolAt(*Find(Step(now, 0), "approval"), "approved", false));
  const RawAnswer second = Post("/v1/runs/" + run + "/approve", R"({"comment":"fine","input":{"x":[1]},"coment":1})");
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_NE(second.body.find("/coment"), std::string::npos);
  const Json end = WaitForStatus(run, "SUCCEEDED");
  EXPECT_EQ(Text(*Find(Step(end, 1), "approval"), "comment"), "fine");
  EXPECT_NE(PrintJson(*Find(Step(end, 1), "approval")).find(R"("input":{"x":[1]})"), std::string::npos);
  ExpectProblem(Post("/v1/runs/" + run + "/reject"), 409);
  ExpectProblem(Post("/v1/runs/run_none/approve"), 404);
  ExpectProblem(Get("/v1/runs/" + run + "/approve"), 405);
}

TEST_F(Runs, ARepeatedApprovalDoesNotOpenTheNextGate) {
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})", R"({"output":2})", R"({"output":3})"}, R"(,"requires_approval":true)"));
  WaitForStatus(run, "WAITING_APPROVAL");
  const auto approve = [&](const std::string& key) { return Call("POST", "/v1/runs/" + run + "/approve", "", {{"Idempotency-Key", key}}); };
  EXPECT_EQ(approve("k").status, 200);
  Json now;
  do {
    now = Get("/v1/runs/" + run).json();
  } while (Text(Step(now, 1), "status") != "WAITING_APPROVAL");
  const RawAnswer again = approve("k");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(Text(Step(again.json(), 1), "status"), "WAITING_APPROVAL");
  EXPECT_EQ(Text(Step(Get("/v1/runs/" + run).json(), 1), "status"), "WAITING_APPROVAL");
  const Json early = ExpectProblem(Post("/v1/runs/" + run + "/approve", R"({"step_id":"step 3"})"), 409);
  EXPECT_EQ(Text(early, "detail"), "step \"step 3\" does not wait for approval: the run has not come to it");
  EXPECT_EQ(approve("k2").status, 200);
}

TEST_F(Runs, RejectFails) {
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})"}, R"(,"requires_approval":true)"));
  WaitForStatus(run, "WAITING_APPROVAL");
  EXPECT_EQ(Post("/v1/runs/" + run + "/reject", R"({"comment":"not today"})").status, 200);
  const Json end = WaitForStatus(run, "FAILED");
  EXPECT_EQ(Text(*Find(Step(end, 0), "error_detail"), "code"), "rejected");
}

TEST_F(Runs, EveryStepIsGatedByPolicy) {
  options.require_approval = true;
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})"}));
  WaitForStatus(run, "WAITING_APPROVAL");
}

TEST_F(Runs, AreCanceledAndRetried) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"cancel"})"}));
  EXPECT_EQ(Post("/v1/runs/" + run + "/cancel").status, 202);
  WaitForStatus(run, "CANCELED");
  ExpectProblem(Post("/v1/runs/" + run + "/retry"), 409);
  const std::string failed = StartRun(MakeWorkflow({R"({"fail":"once"})"}), "?wait=20s");
  ExpectProblem(Post("/v1/runs/" + failed + "/retry", R"({"from_step":"x"})"), 422);
  const RawAnswer retried = Post("/v1/runs/" + failed + "/retry");
  EXPECT_EQ(retried.status, 202) << retried.body;
  EXPECT_EQ(IntAt(retried.json(), "attempt"), 2);
  WaitForStatus(failed, "FAILED");
  ExpectProblem(Post("/v1/runs/run_none/cancel"), 404);
  ExpectProblem(Post("/v1/runs/" + failed + "/cancel?force=maybe"), 400);
}

TEST_F(Runs, AreDeletedOnceFinished) {
  const std::string held = StartRun(MakeWorkflow({R"({"hold":"delete"})"}));
  ExpectProblem(Call("DELETE", "/v1/runs/" + held), 409);
  runner.Release("delete");
  WaitForStatus(held, "SUCCEEDED");
  EXPECT_EQ(Call("DELETE", "/v1/runs/" + held).status, 204);
  ExpectProblem(Get("/v1/runs/" + held), 404);
  ExpectProblem(Call("DELETE", "/v1/runs/" + held), 404);
}

TEST_F(Runs, ThatAreDeletedWhileSomebodyRetriesThemAreNotFound) {
  const std::string run = StartRun(MakeWorkflow({R"({"fail":"x"})"}), "?wait=20s");
  store->JudgeCommits([](std::span<const Change* const> changes) -> std::optional<std::pair<FaultyStore::When, Error>> {
    if (changes.front()->run_updates.empty()) return std::nullopt;
    return std::pair(FaultyStore::When::kBeforeWriting, Error{ErrorCode::kNotFound, "it is gone"});
  });
  ExpectProblem(Post("/v1/runs/" + run + "/retry"), 404);
}

TEST_F(Runs, KeepTheVersionTheyBeganWith) {
  const std::string workflow = MakeWorkflow({R"({"hold":"version"})", R"({"output":"old"})"});
  const std::string run = StartRun(workflow);
  const std::string changed = R"({"name":"new","steps":[{"name":"x","action":"test.do","input":{"output":"new"}}]})";
  ASSERT_EQ(Call("PUT", "/v1/workflows/" + workflow, changed).status, 200);
  const std::string old = Text(Post("/v1/runs", R"({"workflow_id":")" + workflow + R"(","version":1})").json(), "id");
  runner.Release("version");
  EXPECT_EQ(Text(Step(WaitForStatus(run, "SUCCEEDED"), 1), "output"), "old");
  EXPECT_EQ(IntAt(WaitForStatus(old, "SUCCEEDED"), "workflow_version"), 1);
  ExpectProblem(Post("/v1/runs", R"({"workflow_id":")" + workflow + R"(","version":9})"), 422);
}

TEST_F(Runs, BadBodiesAreToldPrecisely) {
  ExpectProblem(Post("/v1/runs", R"({"workflow_id":"wf_none"})"), 404);
  const Json problem = ExpectProblem(Post("/v1/runs", R"({"labels":{"a":1},"version":"x","workflow_id":7,"context":[]})"), 422);
  std::vector<std::string> pointers;
  for (const Json& error : Find(problem, "errors")->as_array()) pointers.push_back(Text(error, "pointer"));
  EXPECT_EQ(pointers, (std::vector<std::string>{"/labels", "/version", "/workflow_id", "/context"}));
  const std::string workflow = MakeWorkflow({R"({"output":1})"});
  ExpectProblem(Post("/v1/runs", R"({"workflow_id":")" + workflow + R"(","labels":{"a":1}})"), 422);
  const RawAnswer warned = Post("/v1/runs", R"({"workflow_id":")" + workflow + R"(","contxt":{}})");
  EXPECT_EQ(warned.status, 201);
  EXPECT_NE(warned.body.find("context\\\""), std::string::npos) << warned.body;
}

TEST_F(Runs, StepsAreListed) {
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})", R"({"output":2})", R"({"output":3})"}), "?wait=20s");
  const Json first = Get("/v1/runs/" + run + "/steps?limit=2").json();
  EXPECT_EQ(Find(first, "items")->as_array().size(), 2u);
  const Json rest = Get("/v1/runs/" + run + "/steps?limit=2&cursor=" + Text(first, "next_cursor")).json();
  ASSERT_EQ(Find(rest, "items")->as_array().size(), 1u);
  EXPECT_EQ(IntAt(Find(rest, "items")->as_array()[0], "output"), 3);
  ExpectProblem(Get("/v1/runs/" + run + "/steps?cursor=x"), 400);
  ExpectProblem(Get("/v1/runs/run_none/steps"), 404);
}

TEST_F(Runs, EventsTellTheirStory) {
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})"}), "?wait=20s");
  const Json all = Get("/v1/runs/" + run + "/events").json();
  const auto& items = Find(all, "items")->as_array();
  ASSERT_GE(items.size(), 3u);
  EXPECT_EQ(Text(items.back(), "type"), "run.succeeded");
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(IntAt(items[i], "number"), static_cast<int64_t>(i + 1));
    EXPECT_EQ(Text(items[i], "run_id"), run);
    EXPECT_FALSE(Text(items[i], "at").empty());
  }
  const Json page = Get("/v1/runs/" + run + "/events?limit=1&after=" + std::to_string(*IntAt(items[0], "id"))).json();
  EXPECT_EQ(IntAt(Find(page, "items")->as_array().at(0), "number"), 2);
  EXPECT_FALSE(Text(page, "next_cursor").empty());
}

}  // namespace
}  // namespace orc::test
