// What the reactor does with connections: deadlines, pipelining, back-pressure, floods.
#include <sys/resource.h>

#include "unit/api/api_fixture.h"

namespace orc::test {
namespace {

class Connections : public ApiTest {};

constexpr std::string_view kHealth = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(Connections, ServesManyRequestsOnOne) {
  RawClient client = Connect();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.Send(kHealth));
    const RawAnswer answer = client.Read();
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"status":"ok"})");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("connection"), "keep-alive");
  }
}

TEST_F(Connections, AnswersPipelinedRequestsInOrder) {
  RawClient client = Connect();
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    requests += kHealth;
    requests += MakeRequest("GET", "/v1/runs/run_" + std::to_string(i));
  }
  ASSERT_TRUE(client.Send(requests));
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(client.Read().status, 200);
    EXPECT_EQ(Text(ExpectProblem(client.Read(), 404), "instance"), "/v1/runs/run_" + std::to_string(i));
  }
}

TEST_F(Connections, ClosesWhenAsked) {
  RawClient client = Connect();
  client.Send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.Read().header("connection"), "close");
  EXPECT_TRUE(client.WaitForClose());
  RawClient old = Connect();
  old.Send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Read().status, 200);
  EXPECT_TRUE(old.WaitForClose());
}

TEST_F(Connections, AnswersBadFramingAndCloses) {
  for (const std::string_view bytes :
       {"POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n",
        "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello",
        "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello", "GET /healthz HTTP/1.1\n\n"}) {
    RawClient client = Connect();
    client.Send(bytes);
    const RawAnswer answer = client.Read();
    ExpectProblem(answer, 400);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.WaitForClose());
  }
}

TEST_F(Connections, AnswersAnOversizeBodyBeforeItIsSent) {
  RawClient client = Connect();
  client.Send("POST /v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
  ExpectProblem(client.Read(), 413);
}

TEST_F(Connections, AnswersAnOversizeBodyThatIsSentAnyway) {
  RawClient client = Connect();
  client.Send("POST /v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + std::string(200'000, 'x'));
  ExpectProblem(client.Read(), 413);
}

TEST_F(Connections, TellsTheClientToGoOn) {
  RawClient client = Connect();
  client.Send("POST /v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("[]");
  ExpectProblem(client.Read(), 422);
}

TEST_F(Connections, HeadIsAGetWithoutABody) {
  RawClient client = Connect();
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  const RawAnswer head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "15");
  client.Send("HEAD /v1/runs HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.Read(true).header("content-type"), "application/json");
  client.Send(kHealth);
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(Connections, EndsHeadsAndBodiesThatDoNotCome) {
  options.head_timeout_ms = 200;
  options.body_timeout_ms = 200;
  RawClient head = Connect();
  head.Send("GET /healthz HTTP/1.1\r\nHost:");
  ExpectProblem(head.Read(), 408);
  EXPECT_TRUE(head.WaitForClose());
  RawClient body = Connect();
  body.Send("POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
  ExpectProblem(body.Read(), 408);
  EXPECT_TRUE(body.WaitForClose());
}

TEST_F(Connections, ADrippingHeadGetsNoMoreTime) {
  options.head_timeout_ms = 300;
  RawClient client = Connect();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  client.Send("GET / HTTP/1.1\r\nX: ");
  std::string answer;
  while (answer.empty() && std::chrono::steady_clock::now() < deadline) {
    client.Send("x");
    answer = client.ReadSome(1000, std::chrono::milliseconds(20));
  }
  EXPECT_NE(answer.find(" 408 "), std::string::npos) << answer;
}

TEST_F(Connections, ClosesIdleOnesQuietly) {
  options.idle_timeout_ms = 200;
  RawClient fresh = Connect();
  EXPECT_EQ(fresh.ReadUntil("HTTP", std::chrono::seconds(10)), "");
  EXPECT_TRUE(fresh.WaitForClose());
  RawClient used = Connect();
  used.Send(kHealth);
  EXPECT_EQ(used.Read().status, 200);
  EXPECT_TRUE(used.WaitForClose());
}

TEST_F(Connections, RefusesMoreThanItMayHave) {
  options.max_connections = 3;
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(Connect());
    clients.back().Send(kHealth);
    ASSERT_EQ(clients.back().Read().status, 200);
  }
  RawClient extra = Connect();
  const RawAnswer answer = extra.Read();
  ExpectProblem(answer, 503);
  EXPECT_EQ(answer.header("retry-after"), "1");
  clients.pop_back();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < deadline) {
    RawClient again = Connect();
    again.Send(kHealth);
    status = again.Read().status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(Connections, FiveThousandHalfSentRequestsDoNotStopHealth) {
  rlimit limit{};
  ASSERT_EQ(0, ::getrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < 11'000) GTEST_SKIP() << "needs 11,000 descriptors, may have " << limit.rlim_cur;
  StartServer();
  std::vector<RawClient> clients;
  for (int i = 0; i < 5000; ++i) {
    clients.push_back(Connect());
    // Half heads and half bodies.
    clients.back().Send(i % 2 == 0 ? "GET /v1/runs HTTP/1.1\r\nHost: x\r\nX-Half:"
                                   : "POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{");
    if (i % 500 == 0) {
      ASSERT_EQ(Get("/healthz").status, 200);
    }
  }
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/v1/runs").status, 200);
  // They were only waiting: one that goes on is served.
  clients[4998].Send(" 1\r\n\r\n");
  EXPECT_EQ(clients[4998].Read().status, 200);
}

TEST_F(Connections, ClientsThatHangUpDoNoHarm) {
  const std::string workflow = MakeWorkflow({R"({"hold":"gone"})"});
  for (int i = 0; i < 50; ++i) {
    RawClient client = Connect();
    client.Send(MakeRequest("POST", "/v1/runs?wait=60s", R"({"workflow_id":")" + workflow + "\"}"));
  }
  runner.Release("gone");
  // Every run was begun and ends though its client is gone.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  size_t done = 0;
  while (done < 50 && std::chrono::steady_clock::now() < deadline) {
    done = Find(Get("/v1/runs?status=SUCCEEDED&limit=500").json(), "items")->as_array().size();
  }
  EXPECT_EQ(done, 50u);
}

TEST_F(Connections, AnswersWhenTheQueueIsFull) {
  options.max_queued_requests = 0;
  const RawAnswer answer = Get("/v1/runs");
  ExpectProblem(answer, 503);
  EXPECT_EQ(answer.header("retry-after"), "1");
  EXPECT_EQ(Get("/healthz").status, 200);
}

TEST_F(Connections, TargetsOfProxiesAreTaken) {
  for (const char* target : {"http://example.org:80/healthz", "HTTPS://example.org/healthz?x=1"}) {
    RawClient client = Connect();
    client.Send("GET " + std::string(target) + " HTTP/1.1\r\nHost: example.org\r\n\r\n");
    EXPECT_EQ(client.Read().body, R"({"status":"ok"})") << target;
  }
}

TEST_F(Connections, AnswersThatNobodyReadsAreHeldUpToALimit) {
  options.max_unread_bytes = 1u << 20;
  options.max_body_bytes = 4u << 20;
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"unread"})"}));
  constexpr size_t kLine = 60'000;
  constexpr size_t kLines = 200;  // more than the kernel's buffers take
  for (size_t i = 0; i < kLines; ++i) {
    ASSERT_EQ(Call("POST", "/v1/runs/" + run + "/logs", std::string(kLine, 'x'), {{"Content-Type", "text/plain"}}).status, 200);
  }
  RawClient never = Connect();
  never.ShrinkReceiveBuffer(4096);
  never.Send(MakeRequest("GET", "/v1/runs/" + run + "/logs?limit=500"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool is_cut = false;
  while (!is_cut && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    is_cut = !never.Send("x");
  }
  EXPECT_TRUE(is_cut);
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/v1/runs/" + run).status, 200);
}

TEST_F(Connections, StopFinishesWhatIsUnderWay) {
  const std::string workflow = MakeWorkflow({R"({"hold":"stop"})"});
  RawClient waiting = Connect();
  waiting.Send(MakeRequest("POST", "/v1/runs?wait=60s", R"({"workflow_id":")" + workflow + "\"}"));
  RawClient idle = Connect();
  idle.Send(kHealth);
  ASSERT_EQ(idle.Read().status, 200);
  // The run is there, so its answer is parked.
  while (Find(Get("/v1/runs?status=RUNNING").json(), "items")->as_array().empty()) std::this_thread::yield();
  server->Stop(clock.SteadyUs() + 10'000'000);
  const RawAnswer answer = waiting.Read();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(Text(answer.json(), "status"), "RUNNING");
  EXPECT_TRUE(idle.WaitForClose());
}

TEST_F(Connections, TwoServersCannotShareAPort) {
  StartServer();
  Server::Options second = options;
  second.port = server->port();
  const auto result = Server::Listen(second, {clock, ids, *store, definitions, *engine, *committer, notifier, catalog, *checker});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(result.error().message.find("127.0.0.1:" + std::to_string(second.port)), std::string::npos);
}

}  // namespace
}  // namespace orc::test
