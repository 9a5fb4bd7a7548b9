#include "ai_router_chat/chat_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orc::chat {
namespace {

using testing::ElementsAre;

std::vector<std::string> Events(const std::vector<std::string>& pieces) {
  std::vector<std::string> events;
  SseParser parser([&](std::string_view data) { events.emplace_back(data); });
  for (const auto& piece : pieces) parser.Feed(piece);
  parser.Finish();
  return events;
}

TEST(SseParser, ReadsDataAndSkipsTheRest) {
  EXPECT_THAT(Events({": hello\nevent: x\ndata: a\nid: 1\n\ndata:b\ndata:  c\n\nretry: 5\n\ndatum: no\n\n"}), ElementsAre("a", "b\n c"));
}

TEST(SseParser, TakesAnyLineEndWhereverItIsCut) {
  const std::string stream = "data: \xC3\xA4 one\r\n\r\ndata: two\r\rdata: three\n\ndata: four\r\ndata: five\r\n\r\n";
  const std::vector<std::string> expected = {"\xC3\xA4 one", "two", "three", "four\nfive"};
  for (size_t size = 1; size <= stream.size(); ++size) {
    std::vector<std::string> pieces;
    for (size_t at = 0; at < stream.size(); at += size) pieces.push_back(stream.substr(at, size));
    EXPECT_EQ(Events(pieces), expected) << "in pieces of " << size;
  }
}

TEST(SseParser, EndsTheLastEventWithoutItsBlankLine) {
  EXPECT_THAT(Events({"data: a\n\ndata: [DO", "NE]"}), ElementsAre("a", "[DONE]"));
  EXPECT_THAT(Events({"\xEF\xBB\xBF"
                      "data: a\n\n"}),
              ElementsAre("a"));
  EXPECT_TRUE(Events({"{\n  \"data\": 1\n}\n\n"}).empty());
}

struct Heard {
  std::vector<std::string> lines;
  std::string fault;
  Json answer;
};

Heard Hear(const std::vector<std::string>& chunks) {
  Heard heard;
  ChatStream stream([&](std::string_view line) { heard.lines.emplace_back(line); });
  for (const auto& chunk : chunks) stream.Feed("data: " + chunk + "\n\n");
  stream.Finish();
  heard.fault = stream.fault();
  heard.answer = stream.Answer();
  return heard;
}

std::string Delta(const std::string& content) {
  return R"({"id":"c1","model":"m","created":5,"choices":[{"index":0,"delta":{"content":")" + content + R"("}}]})";
}

TEST(ChatStream, MakesTheAnswerThatIsNotStreamed) {
  const Heard heard = Hear(
      {R"({"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","usage":null,"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})",
       Delta("Hel"), Delta("lo\\nwor"), Delta("ld"), R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
       R"({"choices":[],"usage":{"total_tokens":9}})", "[DONE]"});
  EXPECT_EQ(heard.fault, "");
  EXPECT_THAT(heard.lines, ElementsAre("Hello", "world"));
  const Json expected = ParseJson(R"({"id":"c1","object":"chat.completion","created":5,"model":"m","usage":{"total_tokens":9},
    "choices":[{"index":0,"message":{"role":"assistant","content":"Hello\nworld"},"finish_reason":"stop"}]})")
                            .value();
  EXPECT_EQ(heard.answer, expected);
}

TEST(ChatStream, KeepsChoicesApart) {
  const Heard heard = Hear(
      {R"({"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]})",
       R"({"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"stop"},{"index":0,"delta":{"content":"A"},"finish_reason":"length"}]})"});
  EXPECT_EQ(heard.fault, "");  // without [DONE], but every choice is finished
  EXPECT_EQ(heard.answer.at("choices").at(0).at("message").at("content").as_string(), "aA");
  EXPECT_EQ(heard.answer.at("choices").at(1).at("message").at("content").as_string(), "bB");
  EXPECT_THAT(heard.lines, ElementsAre("aA", "[1] bB"));
}

TEST(ChatStream, PutsToolCallsTogether) {
  const Heard heard = Hear(
      {R"({"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"t0","type":"function","function":{"name":"f","arguments":""}}]}}]})",
       R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}},{"index":1,"id":"t1","type":"function","function":{"name":"g","arguments":"{}"}}]}}]})",
       R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]})",
       "[DONE]"});
  const Json& message = heard.answer.at("choices").at(0).at("message");
  EXPECT_TRUE(message.at("content").is_null());
  EXPECT_EQ(message.at("tool_calls"), ParseJson(R"([{"id":"t0","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
    {"id":"t1","type":"function","function":{"name":"g","arguments":"{}"}}])")
                                          .value());
}

TEST(ChatStream, SaysWhatBrokeIt) {
  EXPECT_EQ(Hear({Delta("a"), R"({"error":{"message":"overloaded","code":503}})"}).fault, "the stream ended with an error: overloaded");
  EXPECT_EQ(Hear({Delta("a"), R"({"error":"gone"})", "[DONE]"}).fault, "the stream ended with an error: gone");
  EXPECT_EQ(Hear({Delta("a")}).fault, "the stream ended before its end mark");
  EXPECT_EQ(Hear({}).fault, "the stream ended before its end mark");
  const Heard heard = Hear({Delta("a"), "{broken", Delta("b"), "[DONE]"});
  EXPECT_TRUE(heard.fault.starts_with("the stream has a chunk that is no JSON object")) << heard.fault;
  EXPECT_EQ(heard.answer.at("choices").at(0).at("message").at("content").as_string(), "ab");
}

TEST(ChatStream, BearsOddChunks) {
  const Heard heard = Hear(
      {R"([])", R"({"choices":[null,3,{"index":-1,"delta":{"content":"x"}},{"index":999999999,"delta":{"content":"x"}},{"delta":[]}]})",
       R"({"choices":{"a":1}})", R"({"choices":[{"index":0,"delta":{"tool_calls":[null,{"index":99999999},5],"content":7}}]})"});
  EXPECT_NE(heard.fault, "");
  EXPECT_EQ(heard.answer.at("choices").as_array().size(), 1u);
}

TEST(LogLines, CutsAtSpacesAndNeverInACharacter) {
  std::vector<std::string> lines;
  LogLines log([&](std::string_view line) { lines.emplace_back(line); });
  for (int i = 0; i < 100; ++i) log.Add("word ");
  log.Flush();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].size(), 204u);
  std::string all;
  for (const auto& line : lines) all += line + " ";
  EXPECT_EQ(all.size(), 501u);  // the last line kept its space

  lines.clear();
  std::string umlauts = "x";
  for (int i = 0; i < 500; ++i) umlauts += "\xC3\xA4";
  log.Add(umlauts);
  log.Flush();
  std::string joined;
  for (const auto& line : lines) {
    EXPECT_TRUE(IsUtf8(line));
    joined += line;
  }
  EXPECT_EQ(joined, umlauts);
  EXPECT_GT(lines.size(), 1u);

  lines.clear();
  log.Add("a\r\n\nb\n");
  log.Flush();
  EXPECT_THAT(lines, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace orc::chat
