#include "outbound/http_service.h"

#include <gmock/gmock.h>

#include "http_service_fixture.h"

namespace orc::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST_F(HttpServiceTest, SendsMethodHeadersAndBodyAndReadsTheAnswer) {
  stub_.On("/v1/x",
           {{.status = 201, .headers = {{"X-Made-By", "stub"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}}, .body = "{\"ok\":true}"}});
  HttpCall call;
  call.method = "POST";
  call.url = stub_.url("/v1/x?q=1");
  call.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k1"}, {"X-Empty", ""}};
  call.body = "{\"a\":1}";
  const auto reply = Do(call);
  EXPECT_EQ(reply.failure, HttpFailure::kNone) << reply.message;
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "{\"ok\":true}");
  EXPECT_THAT(reply.headers, Contains(Pair("x-made-by", "stub")));
  EXPECT_EQ(std::count_if(reply.headers.begin(), reply.headers.end(), [](const auto& h) { return h.first == "set-cookie"; }), 2);
  EXPECT_GT(reply.elapsed_us, 0);

  const auto request = stub_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/v1/x?q=1");
  EXPECT_EQ(request.body, call.body);
  EXPECT_EQ(request.Header("idempotency-key"), "k1");
  EXPECT_EQ(request.headers.count("x-empty"), 1u);
  EXPECT_EQ(request.headers.count("expect"), 0u);
}

TEST_F(HttpServiceTest, EveryMethodGoesOutAsWritten) {
  stub_.Otherwise([](const StubRequest& r) { return StubAnswer{.headers = {{"X-Method", r.method}}, .body = r.body}; });
  for (const std::string method : {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "GET"}) {
    for (const std::string body : {"", "some text"}) {
      HttpCall call;
      call.method = method;
      call.url = stub_.url("/");
      call.body = body;
      const auto reply = Do(call);
      ASSERT_EQ(reply.failure, HttpFailure::kNone) << method << ": " << reply.message;
      EXPECT_THAT(reply.headers, Contains(Pair("x-method", method)));
      EXPECT_EQ(reply.body, method == "HEAD" ? "" : body) << method;
    }
  }
}

TEST_F(HttpServiceTest, IdleConnectionsMakeWayForNewCalls) {
  constexpr size_t kMost = 4;
  StartService({.allow = {"127.0.0.0/8"}}, kMost);
  std::vector<std::unique_ptr<HttpStub>> stubs;
  for (int i = 2; i < 22; ++i) stubs.push_back(std::make_unique<HttpStub>("127.0.0." + std::to_string(i)));
  for (int round = 0; round < 2; ++round) {
    for (const auto& stub : stubs) {
      stub->Otherwise([](const StubRequest&) { return StubAnswer{}; });
      const auto reply = Get(stub->url("/"));
      ASSERT_EQ(reply.failure, HttpFailure::kNone) << reply.message;
    }
  }
  const auto open = [&] {
    size_t sum = 0;
    for (const auto& stub : stubs) sum += stub->connections_open();
    return sum;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (open() > kMost && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_LE(open(), kMost);
  EXPECT_GE(open(), 1u);  // they are kept for the next call
}

TEST_F(HttpServiceTest, ABodyOfAMegabyteGoesBothWays) {
  stub_.Otherwise([](const StubRequest& r) { return StubAnswer{.body = r.body}; });
  HttpCall call;
  call.method = "PUT";
  call.url = stub_.url("/");
  for (int i = 0; i < 1 << 20; ++i) call.body += static_cast<char>('a' + i % 26);
  const auto reply = Do(call);
  EXPECT_EQ(reply.failure, HttpFailure::kNone) << reply.message;
  EXPECT_EQ(reply.body, call.body);
}

TEST_F(HttpServiceTest, ErrorStatusesAreAnswers) {
  stub_.On("/", {{.status = 503, .headers = {{"Retry-After", "7"}}, .body = "busy"}});
  const auto reply = Get(stub_.url("/"));
  EXPECT_EQ(reply.failure, HttpFailure::kNone);
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "busy");
  EXPECT_THAT(reply.headers, Contains(Pair("retry-after", "7")));
}

TEST_F(HttpServiceTest, ConnectionsAreUsedAgain) {
  stub_.On("/", {{.body = "{}"}});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Get(stub_.url("/")).status, 200);
  EXPECT_EQ(stub_.connections_accepted(), 1u);
}

TEST_F(HttpServiceTest, APostThatMustNotBeRepeatedGetsAFreshConnection) {
  stub_.On("/", {{.body = "{}"}});
  HttpCall call;
  call.method = "POST";
  call.url = stub_.url("/");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Do(call).status, 200);
  EXPECT_EQ(stub_.connections_accepted(), 3u);
  call.safe_to_resend = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Do(call).status, 200);
  EXPECT_EQ(stub_.connections_accepted(), 3u);
}

TEST_F(HttpServiceTest, AClosedIdleConnectionIsNotMistakenForAFailure) {
  stub_.On("/", {{.body = "{}"}});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Get(stub_.url("/")).status, 200);
    stub_.CloseConnections();
    ASSERT_TRUE(stub_.WaitForOpen(0));
  }
}

TEST_F(HttpServiceTest, TimesOut) {
  stub_.On("/mute", {{.never = true}});
  HttpCall call;
  call.url = stub_.url("/mute");
  call.timeout_ms = 100;
  const auto reply = Do(call);
  EXPECT_EQ(reply.failure, HttpFailure::kTimeout);
  EXPECT_EQ(ErrorCodeOf(reply.failure), "timeout");
  EXPECT_THAT(reply.message, HasSubstr("127.0.0.1"));
  EXPECT_GE(reply.elapsed_us, 95'000);
}

TEST_F(HttpServiceTest, TheTimeOutCoversTheWholeCallNotEachByte) {
  stub_.On("/drip", {{.chunks = std::vector<StubChunk>(100, {"x", 40})}});
  HttpCall call;
  call.url = stub_.url("/drip");
  call.timeout_ms = 200;
  EXPECT_EQ(Do(call).failure, HttpFailure::kTimeout);
}

TEST_F(HttpServiceTest, AClosedPortIsANetworkFailureThatNamesIt) {
  std::string url;
  {
    const HttpStub gone;
    url = gone.url("/");
  }
  const auto reply = Get(url);
  EXPECT_EQ(reply.failure, HttpFailure::kNetwork);
  EXPECT_THAT(reply.message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(reply.status, 0);
}

TEST_F(HttpServiceTest, HalfAnAnswerIsANetworkFailure) {
  stub_.On("/half", {{.body = "0123456789", .cut_after = 4}});
  stub_.On("/half-chunked", {{.chunks = {{"01234"}, {"56789"}}, .cut_after = 7}});
  stub_.On("/hang-up", {{.hang_up = true}});
  stub_.On("/rubbish", {{.raw = "220 smtp ready\r\n"}});
  for (const char* path : {"/half", "/half-chunked", "/hang-up", "/rubbish"}) {
    const auto reply = Get(stub_.url(path));
    EXPECT_EQ(reply.failure, HttpFailure::kNetwork) << path << ": " << reply.message;
  }
}

TEST_F(HttpServiceTest, AnswersOverTheLimitAreCutOff) {
  stub_.On("/announced", {{.body = std::string(2000, 'x')}});
  stub_.On("/chunked", {{.chunks = std::vector<StubChunk>(20, {std::string(100, 'x')})}});
  stub_.On("/fits", {{.body = std::string(1000, 'x')}});
  HttpCall call;
  call.max_response_bytes = 1000;
  for (const char* path : {"/announced", "/chunked"}) {
    call.url = stub_.url(path);
    const auto reply = Do(call);
    EXPECT_EQ(reply.failure, HttpFailure::kTooLarge) << path;
    EXPECT_THAT(reply.message, HasSubstr("1000 bytes"));
  }
  call.url = stub_.url("/fits");
  EXPECT_EQ(Do(call).body.size(), 1000u);
}

TEST_F(HttpServiceTest, AHeadWithoutEndIsCutOff) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 9000; ++i) head += "X-Header-" + std::to_string(i) + ": some value of a header\r\n";
  stub_.On("/", {{.raw = head + "Content-Length: 0\r\n\r\n"}});
  const auto reply = Get(stub_.url("/"));
  EXPECT_NE(reply.failure, HttpFailure::kNone);
}

TEST_F(HttpServiceTest, StreamsThePiecesOfAGoodAnswerOnly) {
  stub_.On("/sse",
           {{.headers = {{"Content-Type", "text/event-stream"}}, .chunks = {{"data: a\n\n"}, {"data: b\n\n", 20}, {"data: c\n\n", 20}}}});
  stub_.On("/bad", {{.status = 500, .chunks = {{"oh"}, {"no"}}}});
  std::string seen;
  int pieces = 0;
  const auto take = [&](std::string_view piece) {
    seen += piece;
    ++pieces;
  };
  HttpCall call;
  call.url = stub_.url("/sse");
  auto pending = Begin(call, take);
  const auto reply = Wait(pending);
  EXPECT_EQ(seen, "data: a\n\ndata: b\n\ndata: c\n\n");
  EXPECT_EQ(reply.body, seen);
  EXPECT_EQ(pieces, 3);
  call.url = stub_.url("/bad");
  auto bad = Begin(call, take);
  EXPECT_EQ(Wait(bad).body, "ohno");
  EXPECT_EQ(pieces, 3);
}

TEST_F(HttpServiceTest, CancelEndsACallAtOnceAndClosesItsConnection) {
  stub_.On("/mute", {{.never = true}});
  HttpCall call;
  call.url = stub_.url("/mute");
  auto pending = Begin(call);
  ASSERT_TRUE(stub_.WaitForRequests(1));
  EXPECT_EQ(service_->GetStats().in_flight, 1u);
  service_->Cancel(pending.id);
  EXPECT_EQ(Wait(pending).failure, HttpFailure::kCanceled);
  EXPECT_TRUE(stub_.WaitForOpen(0));
  EXPECT_EQ(service_->GetStats().in_flight, 0u);
  service_->Cancel(pending.id);  // harmless
  service_->Cancel(12345);
}

TEST_F(HttpServiceTest, CallsWaitForAPlaceAndCanBeCancelledThere) {
  StartService({.allow = {"127.0.0.1"}}, 1);
  stub_.On("/mute", {{.never = true}});
  stub_.On("/", {{.body = "{}"}});
  HttpCall call;
  call.url = stub_.url("/mute");
  auto first = Begin(call);
  ASSERT_TRUE(stub_.WaitForRequests(1));
  call.url = stub_.url("/");
  auto second = Begin(call);
  auto third = Begin(call);
  service_->Cancel(second.id);
  EXPECT_EQ(Wait(second).failure, HttpFailure::kCanceled);
  EXPECT_EQ(stub_.Count("/"), 0u);
  service_->Cancel(first.id);
  EXPECT_EQ(Wait(third).status, 200);
}

TEST_F(HttpServiceTest, StoppingEndsEveryCall) {
  stub_.On("/mute", {{.never = true}});
  HttpCall call;
  call.url = stub_.url("/mute");
  std::vector<Pending> all;
  for (int i = 0; i < 10; ++i) all.push_back(Begin(call));
  ASSERT_TRUE(stub_.WaitForRequests(10));
  service_.reset();
  for (auto& pending : all) EXPECT_EQ(Wait(pending).failure, HttpFailure::kStopped);
}

TEST_F(HttpServiceTest, CallbacksMaySendAndCancel) {
  stub_.On("/", {{.body = "{}"}});
  std::promise<int> last;
  int left = 50;
  std::function<void(HttpReply)> again = [&](const HttpReply& reply) {
    if (reply.status != 200 || --left == 0) return last.set_value(reply.status);
    HttpCall call;
    call.url = left % 2 == 0 ? stub_.url("/") : stub_.url("/");
    service_->Cancel(service_->Send(call, nullptr, nullptr));
    service_->Send(call, again, nullptr);
  };
  HttpCall call;
  call.url = stub_.url("/");
  service_->Send(call, again, nullptr);
  auto future = last.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(future.get(), 200);
}

TEST_F(HttpServiceTest, ACallbackThatSendsRefusedCallsIsAnsweredEachTime) {
  std::promise<void> last;
  int left = 20;
  std::function<void(HttpReply)> again = [&](const HttpReply& reply) {
    EXPECT_EQ(reply.failure, HttpFailure::kInvalidRequest);
    if (--left == 0) return last.set_value();
    service_->Send({}, again, nullptr);
  };
  service_->Send({}, again, nullptr);
  EXPECT_EQ(last.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST_F(HttpServiceTest, ProxyVariablesAreNotHeeded) {
  const HttpStub proxy;
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  StartService({.allow = {"127.0.0.1"}});
  stub_.On("/", {{.body = "{}"}});
  EXPECT_EQ(Get(stub_.url("/")).status, 200);
  EXPECT_EQ(proxy.Count(), 0u);
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
}

TEST_F(HttpServiceTest, ManyCallsAtOnceFromManyThreads) {
  stub_.KeepRequests(false);
  stub_.On("/slow", {{.body = "{}", .delay_ms = 50}});
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  std::atomic<int> good{0};
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        HttpCall call;
        call.url = stub_.url("/slow");
        service_->Send(
            call,
            [&](const HttpReply& reply) {
              good += reply.status == 200 ? 1 : 0;
              if (++done == kThreads * kEach) done.notify_all();
            },
            nullptr);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (int seen = done; seen < kThreads * kEach; seen = done) {
    if (seen == kThreads * kEach) break;
    std::this_thread::yield();
  }
  EXPECT_EQ(good, kThreads * kEach);
  EXPECT_EQ(service_->GetStats().calls, static_cast<uint64_t>(kThreads * kEach));
  EXPECT_EQ(service_->GetStats().in_flight, 0u);
}

TEST_F(HttpServiceTest, TwoDifferentLengthsAreNoAnswer) {
  stub_.On("/two", {{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"}});
  const HttpReply two = Get(stub_.url("/two"));
  EXPECT_EQ(two.failure, HttpFailure::kNetwork);
  EXPECT_THAT(two.message, HasSubstr("two different Content-Lengths"));
  stub_.On("/same", {{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"}});
  EXPECT_EQ(Get(stub_.url("/same")).body, "abc");
}

TEST_F(HttpServiceTest, AnEndlessHeadIsNamedAsSuch) {
  stub_.On("/line", {{.raw = "HTTP/1.1 200 OK\r\nX-A: " + std::string(400'000, 'a')}});
  std::string lines;
  for (int i = 0; i < 4000; ++i) lines += "X-" + std::to_string(i) + ": " + std::string(100, 'a') + "\r\n";
  stub_.On("/lines", {{.raw = "HTTP/1.1 200 OK\r\n" + lines}});
  for (const char* path : {"/line", "/lines"}) {
    const HttpReply reply = Get(stub_.url(path));
    EXPECT_EQ(reply.failure, HttpFailure::kTooLarge) << path;
    EXPECT_THAT(reply.message, HasSubstr("the head of the answer is over the limit"));
  }
}

}  // namespace
}  // namespace orc::test
