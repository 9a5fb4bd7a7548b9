// Event streams: nothing lost, nothing twice, whatever the clients do.
#include <atomic>
#include <thread>

#include "unit/api/api_fixture.h"
#include "unit/api/sse_reader.h"

namespace orc::test {
namespace {

class Streams : public ApiTest {
 protected:
  void Log(const std::string& run, const std::string& text) {
    const RawAnswer answer = Call("POST", "/v1/runs/" + run + "/logs", text, {{"Content-Type", "text/plain"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, R"({"ok":true})");
  }
  SseReader Follow(const std::string& target, int64_t last_id = -1) { return SseReader(server->port(), target, last_id); }
  /// Straight to the committer: fast enough to make thousands of lines.
  void LogMany(const std::string& run, int count, size_t bytes) {
    std::atomic<int> done{0};
    for (int i = 0; i < count; ++i) {
      Change change;
      LogRow row;
      row.run_id = run;
      row.at_us = clock.NowUs();
      row.source = "client";
      row.text = "line " + std::to_string(i) + " " + std::string(bytes, 'x');
      change.logs.push_back(std::move(row));
      ASSERT_TRUE(committer->Submit(std::move(change), Committer::Urgency::kUnderWay, [&done](const Result<void>&) { ++done; }).ok());
    }
    while (done < count) std::this_thread::yield();
  }
};

TEST_F(Streams, LogsSurviveTheirLineBreaks) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"logs"})"}));
  SseReader reader = Follow("/v1/runs/" + run + "/logs/stream");
  EXPECT_NE(reader.head().find("Content-Type: text/event-stream"), std::string::npos);
  Log(run, "first\nsecond\r\nthird\rfourth\n\nevent: end\n");
  Log(run, "plain");
  std::vector<SseEvent> events;
  do {
    events.push_back(reader.Next());
  } while (events.back().data != "plain" && events.back().type != "closed");
  ASSERT_GE(events.size(), 2u);
  EXPECT_EQ(events[events.size() - 2].data, "first\nsecond\nthird\nfourth\n\nevent: end");
  EXPECT_EQ(events.back().data, "plain");
  EXPECT_GT(events.back().id, events[events.size() - 2].id);
  const Json list = Get("/v1/runs/" + run + "/logs").json();
  const auto& items = Find(list, "items")->as_array();
  EXPECT_EQ(items.at(items.size() - 2).as_string(), "first\nsecond\r\nthird\rfourth\n\nevent: end");
  runner.Release("logs");
  EXPECT_EQ(reader.ReadAll().back().type, "end");
  EXPECT_TRUE(reader.client().WaitForClose());
}

TEST_F(Streams, OfAFinishedRunEndAtOnce) {
  const std::string run = StartRun(MakeWorkflow({R"({"log":"from the action"})"}), "?wait=20s");
  const std::vector<SseEvent> logs = Follow("/v1/runs/" + run + "/logs/stream").ReadAll();
  ASSERT_GE(logs.size(), 2u);
  EXPECT_NE(std::find_if(logs.begin(), logs.end(), [](const SseEvent& e) { return e.data == "from the action"; }), logs.end());
  EXPECT_EQ(logs.back().type, "end");
  EXPECT_EQ(logs.back().data, R"({"status":"SUCCEEDED"})");
  const std::vector<SseEvent> events = Follow("/v1/runs/" + run + "/events/stream").ReadAll();
  ASSERT_GE(events.size(), 3u);
  EXPECT_EQ(Text(*ParseJson(events[events.size() - 2].data), "type"), "run.succeeded");
  EXPECT_EQ(events.back().type, "end");
  // Resumed after the last row: only the end.
  EXPECT_EQ(Follow("/v1/runs/" + run + "/events/stream", events[events.size() - 2].id).ReadAll().size(), 1u);
}

TEST_F(Streams, StructuredLinesSayWhere) {
  const std::string run = StartRun(MakeWorkflow({R"({"log":"said\nso"})"}), "?wait=20s");
  const std::vector<SseEvent> events = Follow("/v1/runs/" + run + "/logs/stream?format=json").ReadAll();
  bool found = false;
  for (const SseEvent& event : events) {
    if (event.type == "end") continue;
    const Result<Json> line = ParseJson(event.data);
    ASSERT_TRUE(line.ok()) << event.data;
    EXPECT_EQ(IntAt(*line, "id"), event.id);
    if (Text(*line, "text") != "said\nso") continue;
    found = true;
    EXPECT_EQ(Text(*line, "source"), "test.do");
    EXPECT_TRUE(Text(*line, "step_id").starts_with("step_"));
    EXPECT_EQ(IntAt(*line, "try"), 1);
  }
  EXPECT_TRUE(found);
  const Json list = Get("/v1/runs/" + run + "/logs?format=json").json();
  EXPECT_TRUE(Find(list, "items")->as_array().at(0).is_object());
}

TEST_F(Streams, LoseAndDoubleNothingAcrossReconnects) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"reconnect"})"}));
  constexpr int kLines = 3000;
  std::thread writer([&] {
    LogMany(run, kLines, 40);
    runner.Release("reconnect");
  });
  std::vector<std::string> lines;
  int64_t last_id = 0;
  bool ended = false;
  int connections = 0;
  while (!ended && connections < 1000) {
    ++connections;
    SseReader reader = Follow("/v1/runs/" + run + "/logs/stream", last_id);
    // Each connection is dropped after some lines, most with more on the way.
    for (int i = 0; i < 150; ++i) {
      const SseEvent event = reader.Next();
      if (event.type == "end" || event.type == "closed") {
        ended = event.type == "end";
        break;
      }
      EXPECT_GT(event.id, last_id);
      last_id = event.id;
      if (event.data.starts_with("line ")) lines.push_back(event.data);
    }
  }
  writer.join();
  EXPECT_TRUE(ended);
  EXPECT_GT(connections, 10);
  ASSERT_EQ(lines.size(), static_cast<size_t>(kLines));
  for (int i = 0; i < kLines; ++i) EXPECT_TRUE(lines[static_cast<size_t>(i)].starts_with("line " + std::to_string(i) + " "));
}

TEST_F(Streams, ManyReadersOfOneRunGetTheSame) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"many"})"}));
  std::vector<SseReader> readers;
  for (int i = 0; i < 50; ++i) readers.push_back(Follow("/v1/runs/" + run + "/logs/stream"));
  LogMany(run, 200, 100);
  runner.Release("many");
  std::vector<int64_t> first;
  for (SseReader& reader : readers) {
    std::vector<int64_t> ids;
    for (const SseEvent& event : reader.ReadAll()) ids.push_back(event.id);
    EXPECT_GE(ids.size(), 201u);
    if (first.empty()) first = ids;
    EXPECT_EQ(ids, first);
  }
}

TEST_F(Streams, ALongHistoryReachesASlowReader) {
  options.sse_buffer_bytes = 16u << 10;
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"slow"})"}));
  LogMany(run, 600, 1000);
  runner.Release("slow");
  WaitForStatus(run, "SUCCEEDED");
  RawClient client = Connect();
  client.ShrinkReceiveBuffer(32 << 10);
  client.Send(MakeRequest("GET", "/v1/runs/" + run + "/logs/stream"));
  std::string all;
  // Small sips: the server's buffer is full most of the time.
  while (all.find("event: end") == std::string::npos) {
    const std::string piece = client.ReadSome(5000, std::chrono::seconds(10));
    ASSERT_FALSE(piece.empty()) << "cut off after " << all.size();
    all += piece;
  }
  for (int i = 0; i < 600; ++i) ASSERT_NE(all.find("data: line " + std::to_string(i) + " "), std::string::npos) << i;
}

TEST_F(Streams, AClientThatNeverReadsIsCutOff) {
  options.sse_buffer_bytes = 16u << 10;
  options.write_stall_ms = 300;
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"never"})"}));
  RawClient never = Connect();
  never.ShrinkReceiveBuffer(4096);
  never.Send(MakeRequest("GET", "/v1/runs/" + run + "/logs/stream"));
  ASSERT_NE(never.ReadUntil("\r\n\r\n").find("200 OK"), std::string::npos);
  SseReader healthy = Follow("/v1/runs/" + run + "/logs/stream");
  std::thread writer([&] { LogMany(run, 3000, 1000); });
  // The other reader gets everything all the while.
  int seen = 0;
  while (seen < 3000) {
    const SseEvent event = healthy.Next();
    ASSERT_NE(event.type, "closed") << seen;
    seen += event.data.starts_with("line ");
  }
  writer.join();
  // What is in the kernel's buffers can still be read, then comes the close, without the end.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool is_cut = false;
  while (!is_cut && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    is_cut = !never.Send("x");
  }
  EXPECT_TRUE(is_cut);
}

TEST_F(Streams, StayAliveByComments) {
  options.sse_keepalive_ms = 50;
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"alive"})"}));
  RawClient client = Connect();
  client.Send(MakeRequest("GET", "/v1/runs/" + run + "/events/stream"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(client.ReadUntil(": keepalive\n\n").ends_with(": keepalive\n\n"));
}

TEST_F(Streams, OfAllRunsBeginNow) {
  const std::string workflow = MakeWorkflow({R"({"output":1})"});
  const std::string before = StartRun(workflow, "?wait=20s");
  SseReader reader = Follow("/v1/events/stream");
  const std::string after = StartRun(workflow, "?wait=20s");
  std::vector<SseEvent> events;
  do {
    events.push_back(reader.Next());
    EXPECT_EQ(Text(*ParseJson(events.back().data), "run_id"), after);
  } while (Text(*ParseJson(events.back().data), "type") != "run.succeeded");
  SseReader again = Follow("/v1/events/stream", events.front().id);
  EXPECT_EQ(again.Next().id, events.at(1).id);
  SseReader all = Follow("/v1/events/stream?last_event_id=0");
  EXPECT_EQ(Text(*ParseJson(all.Next().data), "run_id"), before);
}

TEST_F(Streams, OfADeletedRunEnd) {
  const std::string run = StartRun(MakeWorkflow({R"({"output":1})"}), "?wait=20s");
  const std::string other = StartRun(MakeWorkflow({R"({"hold":"x"})"}));
  EXPECT_EQ(Call("DELETE", "/v1/runs/" + run).status, 204);
  ExpectProblem(Get("/v1/runs/" + run + "/logs/stream"), 404);
  ExpectProblem(Get("/v1/runs/" + run + "/logs"), 404);
  ExpectProblem(Post("/v1/runs/" + run + "/logs", "x"), 404);
}

TEST_F(Streams, DoNotSayEndWhenTheirLinesCantBeRead) {
  const std::string run = StartRun(MakeWorkflow({R"({"log":"a line"})"}), "?wait=20s");
  store->BreakReads(true);
  EXPECT_EQ(Follow("/v1/runs/" + run + "/logs/stream?format=json").ReadAll().back().type, "closed");
  store->BreakReads(false);
  const std::vector<SseEvent> events = Follow("/v1/runs/" + run + "/logs/stream?format=json").ReadAll();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events.back().type, "end");
}

TEST_F(Streams, BadPositionsAreRefused) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"bad"})"}));
  for (const char* bad : {"abc", "-1", "1x", "99999999999999999999"}) {
    ExpectProblem(Call("GET", "/v1/runs/" + run + "/logs/stream", "", {{"Last-Event-ID", bad}}), 400);
  }
  ExpectProblem(Get("/v1/runs/" + run + "/events/stream?last_event_id=x"), 400);
  ExpectProblem(Get("/v1/runs/" + run + "/logs/stream?format=xml"), 400);
  ExpectProblem(Call("POST", "/v1/runs/" + run + "/logs", std::string(70'000, 'x')), 413);
  ExpectProblem(Post("/v1/runs/" + run + "/logs", ""), 422);
}

TEST_F(Streams, HeadOfAStreamIsAHead) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"head"})"}));
  RawClient client = Connect();
  client.Send(MakeRequest("HEAD", "/v1/runs/" + run + "/logs/stream"));
  EXPECT_EQ(client.Read(true).header("content-type"), "text/event-stream");
  EXPECT_TRUE(client.WaitForClose());
}

TEST_F(Streams, ARetriedRunOpensThemAgain) {
  const std::string run = StartRun(MakeWorkflow({R"({"fail":"no"})"}), "?wait=20s");
  const std::vector<SseEvent> first = Follow("/v1/runs/" + run + "/events/stream").ReadAll();
  ASSERT_EQ(Post("/v1/runs/" + run + "/retry").status, 202);
  WaitForStatus(run, "FAILED");
  const std::vector<SseEvent> second = Follow("/v1/runs/" + run + "/events/stream", first.at(first.size() - 2).id).ReadAll();
  EXPECT_GE(second.size(), 3u);
  EXPECT_EQ(second.back().type, "end");
}

TEST_F(Streams, EndWhenTheServerStops) {
  const std::string run = StartRun(MakeWorkflow({R"({"hold":"stop"})"}));
  SseReader reader = Follow("/v1/runs/" + run + "/events/stream");
  ASSERT_GE(reader.Next().id, 0);
  server->Stop(clock.SteadyUs() + 5'000'000);
  EXPECT_TRUE(reader.client().WaitForClose());
}

}  // namespace
}  // namespace orc::test
