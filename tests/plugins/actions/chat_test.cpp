// The action `ai_router.chat`, through the built library.
#include "plugins/actions/action_fixture.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

class ChatAction : public ActionTest {
 protected:
  void LoadChat() { LoadActions({{"ai_router.chat", Parse("{\"base_url\":\"" + stub_.url() + "\",\"model\":\"configured\"}")}}); }
  void Stream(std::vector<StubChunk> chunks, size_t cut_after = std::string::npos) {
    stub_.On("/v1/chat/completions",
             {{.headers = {{"Content-Type", "text/event-stream"}}, .chunks = std::move(chunks), .cut_after = cut_after}});
    LoadChat();
  }
  static std::string Delta(const std::string& content) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
  }
  static constexpr const char* kEnd = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  std::vector<std::string> Lines() {
    std::vector<std::string> lines;
    for (const auto& line : sink_.lines()) lines.push_back(line.text);
    return lines;
  }
};

TEST_F(ChatAction, AsksInTheOpenAiShape) {
  stub_.On("/v1/chat/completions", {{.body = R"({"choices":[{"message":{"content":"hello"}}]})"}});
  LoadChat();
  const auto end = Do("ai_router.chat",
                      R"({"messages":[{"role":"user","content":"hi"}],"project_id":"p","temperature":0.5,"top_k":4,"timeout_ms":9000})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  EXPECT_EQ(end.output, R"({"choices":[{"message":{"content":"hello"}}]})");
  EXPECT_EQ(LastBody(),
            Parse(R"({"messages":[{"role":"user","content":"hi"}],"project_id":"p","temperature":0.5,"top_k":4,"model":"configured"})"));

  Do("ai_router.chat", R"({"prompt":"again","model":"own"})");
  EXPECT_EQ(LastBody(), Parse(R"({"model":"own","messages":[{"role":"user","content":"again"}]})"));
  Do("ai_router.chat", R"({"messages":[{"role":"system","content":"s"}],"prompt":"p"})");
  EXPECT_EQ(LastBody().at("messages").at(1), Parse(R"({"role":"user","content":"p"})"));
}

TEST_F(ChatAction, RefusesAQuestionWithoutWords) {
  LoadChat();
  EXPECT_EQ(Do("ai_router.chat", "{}").error.code, "input_invalid");
  EXPECT_EQ(Do("ai_router.chat", R"({"messages":[]})").error.code, "input_invalid");
  EXPECT_EQ(Do("ai_router.chat", R"({"messages":"hi"})").error.code, "input_invalid");
  EXPECT_EQ(stub_.Count(), 0u);
}

TEST_F(ChatAction, RefusesAnAnswerThatIsNone) {
  stub_.On("/v1/chat/completions", {{.body = "<html>"}, {.body = R"({"error":{"message":"no model"}})"}});
  LoadChat();
  EXPECT_EQ(Do("ai_router.chat", R"({"prompt":"x"})").error.code, "output_invalid");
  EXPECT_THAT(Do("ai_router.chat", R"({"prompt":"x"})").error.message, HasSubstr("no model"));
  stub_.On("/v1/chat/completions", {{.body = "\x1f\x8b\xff packed"}, {.body = "\x1f\x8b\xff packed"}});
  for (const char* input : {R"({"prompt":"x"})", R"({"prompt":"x","stream":true})"}) {
    const auto packed = Do("ai_router.chat", input);
    EXPECT_EQ(packed.error.code, "output_invalid");
    EXPECT_THAT(packed.error.message, HasSubstr("no UTF-8 text"));
  }
}

TEST_F(ChatAction, StreamsIntoTheLogAndGivesTheWhole) {
  const std::string all = Delta("First line.\\nSec") + ": keep-alive\n\n" + Delta("ond \xC3\xA4 line") + kEnd;
  std::vector<StubChunk> pieces;
  for (size_t at = 0; at < all.size(); at += 7) pieces.push_back({all.substr(at, 7)});  // within lines, escapes and characters
  Stream(pieces);
  const auto end = Do("ai_router.chat", R"({"prompt":"x","stream":true})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  const Json answer = Parse(end.output);
  EXPECT_EQ(answer.at("choices").at(0).at("message").at("content").as_string(), "First line.\nSecond \xC3\xA4 line");
  EXPECT_EQ(answer.at("choices").at(0).at("finish_reason").as_string(), "stop");
  EXPECT_EQ(end.http_code, 200);
  EXPECT_THAT(Lines(), testing::ElementsAre("First line.", "Second \xC3\xA4 line"));
  EXPECT_TRUE(LastBody().at("stream").as_bool());
}

TEST_F(ChatAction, LogsALineBeforeTheAnswerEnds) {
  Stream({{Delta("early\\n")}, {Delta("late") + kEnd, 60'000}});
  const auto key = Start("ai_router.chat", "{\"prompt\":\"x\",\"stream\":true,\"timeout_ms\":60000}");
  EXPECT_TRUE(sink_.WaitLine("early"));
  EXPECT_TRUE(sink_.finished().empty());
  plugins_->Cancel(key);
  EXPECT_EQ(WaitFor(key).outcome, Outcome::kCanceled);
}

TEST_F(ChatAction, FailsRetryablyWhenTheStreamBreaks) {
  Stream({{Delta("half")}, {"data: {\"error\":{\"message\":\"overloaded\"}}\n\n"}});
  const auto error = Do("ai_router.chat", R"({"prompt":"x","stream":true})");
  EXPECT_EQ(error.error.code, "output_invalid");
  EXPECT_TRUE(error.error.retryable);
  EXPECT_THAT(error.error.message, HasSubstr("overloaded"));
  EXPECT_EQ(Parse(error.output).at("choices").at(0).at("message").at("content").as_string(), "half");

  stub_.On("/v1/chat/completions", {{.chunks = {{Delta("half")}}}});  // ends as if all were well
  const auto cut = Do("ai_router.chat", R"({"prompt":"x","stream":true})");
  EXPECT_EQ(cut.error.code, "network");
  EXPECT_TRUE(cut.error.retryable);

  stub_.On("/v1/chat/completions", {{.chunks = {{Delta("half")}, {Delta("lost")}}, .cut_after = Delta("half").size() + 5}});
  const auto gone = Do("ai_router.chat", R"({"prompt":"x","stream":true})");
  EXPECT_EQ(gone.error.code, "network");
  EXPECT_TRUE(gone.error.retryable);
}

TEST_F(ChatAction, TakesAnAnswerThatIsNotStreamedAllTheSame) {
  stub_.On("/v1/chat/completions", {{.body = R"({"choices":[]})"}, {.status = 503, .body = R"({"error":"busy"})"}});
  LoadChat();
  EXPECT_EQ(Do("ai_router.chat", R"({"prompt":"x","stream":true})").output, R"({"choices":[]})");
  const auto end = Do("ai_router.chat", R"({"prompt":"x","stream":true})");
  EXPECT_THAT(end.error.message, HasSubstr("answered 503: busy"));
  EXPECT_EQ(end.output, R"({"error":"busy"})");
}

TEST_F(ChatAction, ReadsTheStreamOfABodyOfTheStepsOwn) {
  Stream({{Delta("hi")}, {kEnd}});
  const auto end = Do("ai_router.chat", R"({"body":{"stream":true,"mine":1}})");
  EXPECT_EQ(Parse(end.output).at("choices").at(0).at("message").at("content").as_string(), "hi");
  EXPECT_EQ(LastRequest().body, R"({"stream":true,"mine":1})");
}

TEST_F(ChatAction, ManyStreamsAtOnce) {
  Stream({{Delta("a\\n")}, {Delta("b"), 5}, {kEnd, 5}});
  std::vector<AttemptKey> keys;
  for (int i = 0; i < 200; ++i) keys.push_back(Start("ai_router.chat", R"({"prompt":"x","stream":true})"));
  for (const auto& key : keys) {
    const auto end = WaitFor(key);
    ASSERT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
    EXPECT_EQ(Parse(end.output).at("choices").at(0).at("message").at("content").as_string(), "a\nb");
  }
  EXPECT_EQ(sink_.lines().size(), 400u);
}

}  // namespace
}  // namespace orc::test
