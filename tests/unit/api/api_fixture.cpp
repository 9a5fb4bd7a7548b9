#include "unit/api/api_fixture.h"

namespace orc::test {

TestCatalog::TestCatalog() {
  for (const auto& action : BuiltInActions()) actions_.push_back(action);
  auto action = std::make_shared<ActionInfo>();
  action->name = "test.do";
  action->version = "1.2.3";
  action->summary = "Does what its input says";
  action->plugin_name = "test";
  action->plugin_version = "4.5.6";
  action->plugin_file = "/somewhere/secret/test.so";
  action->input_schema_text = R"({"type":"object"})";
  actions_.push_back(action);
}

std::shared_ptr<const ActionInfo> TestCatalog::Find(std::string_view name) const {
  for (const auto& action : actions_) {
    if (action->name == name) return action;
  }
  return nullptr;
}

void ApiTest::StartServer() {
  auto opened = DefinitionChecker::Open({ORC_SOURCE_DIR "/schema", "", false}, catalog);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  checker = std::move(opened).value();
  committer = std::make_unique<Committer>(*store, clock, notifier);
  committer->Start();
  engine = Engine::Make({}, clock, ids, *store, definitions, runner, *committer, notifier);
  const Result<void> started = engine->Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  auto listening = Server::Listen(options, {clock, ids, *store, definitions, *engine, *committer, notifier, catalog, *checker});
  ASSERT_TRUE(listening.ok()) << listening.error().message;
  server = std::move(listening).value();
  server->SetReady(true);
}

void ApiTest::StopServer() {
  if (!server) return;
  server->Stop(clock.SteadyUs() + 5'000'000);
  engine->Stop(clock.SteadyUs());
  runner.Stop();
  committer->Stop();
  server.reset();
  engine.reset();
}

RawClient ApiTest::Connect() {
  if (!server) StartServer();
  return RawClient(server->port());
}

RawAnswer ApiTest::Call(std::string_view method, std::string_view target, std::string_view body,
                        const std::vector<std::pair<std::string, std::string>>& headers) {
  RawClient client = Connect();
  EXPECT_TRUE(client.Send(MakeRequest(method, target, body, headers)));
  return client.Read(method == "HEAD");
}

std::string ApiTest::MakeWorkflow(const std::vector<std::string>& inputs, const std::string& more) {
  std::string steps;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (i > 0) steps += ",";
    steps += R"({"name":"step )" + std::to_string(i + 1) + R"(","action":"test.do","input":)" + inputs[i] + more + "}";
  }
  const RawAnswer answer = Post("/v1/workflows", R"({"name":"demo","description":"a test","steps":[)" + steps + "]}");
  EXPECT_EQ(answer.status, 201) << answer.body;
  return Text(answer.json(), "id");
}

std::string ApiTest::StartRun(const std::string& workflow_id, const std::string& query) {
  const RawAnswer answer = Post("/v1/runs" + query, R"({"workflow_id":")" + workflow_id + R"(","context":{"a":1}})");
  EXPECT_EQ(answer.status, 201) << answer.body;
  return Text(answer.json(), "id");
}

Json ApiTest::WaitForStatus(const std::string& run_id, std::string_view status) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  Json run;
  do {
    run = Get("/v1/runs/" + run_id).json();
    if (Text(run, "status") == status) return run;
    std::this_thread::yield();
  } while (std::chrono::steady_clock::now() < deadline);
  ADD_FAILURE() << "the run never was " << status << ": " << PrintJson(run);
  return run;
}

Json ExpectProblem(const RawAnswer& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  const Json problem = answer.json();
  EXPECT_EQ(IntAt(problem, "status"), status);
  for (const char* key : {"type", "title", "detail"}) EXPECT_FALSE(Text(problem, key).empty()) << key << ": " << answer.body;
  return problem;
}

std::string Text(const Json& value, std::string_view key) { return std::string(StringAt(value, key)); }

}  // namespace orc::test
