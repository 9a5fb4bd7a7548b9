// Frames: what goes in comes out, and nothing that a hostile side writes does harm.
#include "wire/messages.h"

#include <gtest/gtest.h>

#include <random>

#include "wire/http_messages.h"

namespace orc::wire {
namespace {

std::string_view PayloadOf(const std::string& frame) { return std::string_view(frame).substr(5); }
orc_text Text(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(orc_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }

orc_result SampleResult() {
  orc_result result{};
  result.struct_size = sizeof result;
  result.outcome = ORC_FAILED_RETRYABLE;
  result.http_code = 503;
  result.retry_after_ms = 1500;
  result.output = Text("{\"a\":1}");
  result.error_code = Text("http_status");
  result.error_message = Text("answered 503");
  return result;
}

std::vector<std::string> OneOfEach() {
  orc_request request{};
  request.input = Text("{}");
  request.run_id = Text("run_1");
  request.try_number = 2;
  const orc_http_header header{Text("a"), Text("b")};
  orc_http_request http{};
  http.url = Text("http://x/");
  http.headers = &header;
  http.header_count = 1;
  orc_http_response response{};
  response.status = 200;
  response.body = Text("body");
  response.headers = &header;
  response.header_count = 1;
  Described described{"greet", "1", "MIT", "Greets.", "seccomp", {{1, "greet.hello", "1", "", "{}", "", "", true, false}}};
  return {Hello{"/x.so", 1, 2, 3, true, false, 4}.Encode(),
          described.Encode(),
          Fault{"abi", "no"}.Encode(),
          Create{1, "{}"}.Encode(),
          Created{1, true, ""}.Encode(),
          EncodeStart(7, 1, request),
          EncodeComplete(7, SampleResult()),
          EncodeLine(Kind::kRunLog, 7, 1, "line"),
          EncodeNumber(Kind::kCancel, 7),
          EncodeHealth(Kind::kHealth, 1, 0, "fine"),
          EncodeHttpSend(1, 7, http, true),
          EncodeHttpChunk(1, "piece"),
          EncodeHttpDone(1, response)};
}

/// Every decoder over the same bytes: how many take them.
int Decoders(std::string_view payload) {
  return (Hello::Decode(payload) ? 1 : 0) + (Described::Decode(payload) ? 1 : 0) + (Fault::Decode(payload) ? 1 : 0) +
         (Create::Decode(payload) ? 1 : 0) + (Created::Decode(payload) ? 1 : 0) + (Start::Decode(payload) ? 1 : 0) +
         (Complete::Decode(payload) ? 1 : 0) + (Line::Decode(payload) ? 1 : 0) + (DecodeNumber(payload) ? 1 : 0) +
         (Health::Decode(payload) ? 1 : 0) + (HttpSend::Decode(payload) ? 1 : 0) + (HttpChunk::Decode(payload) ? 1 : 0) +
         (HttpDone::Decode(payload) ? 1 : 0);
}

TEST(WireTest, AResultComesOutAsItWentIn) {
  const std::string frame = EncodeComplete(7, SampleResult());
  const auto complete = Complete::Decode(PayloadOf(frame));
  ASSERT_TRUE(complete);
  EXPECT_EQ(complete->attempt, 7u);
  EXPECT_EQ(complete->result.outcome, ORC_FAILED_RETRYABLE);
  EXPECT_EQ(complete->result.http_code, 503);
  EXPECT_EQ(complete->result.retry_after_ms, 1500);
  EXPECT_EQ(View(complete->result.output), "{\"a\":1}");
  EXPECT_EQ(View(complete->result.error_message), "answered 503");
  EXPECT_EQ(View(complete->result.response_headers), "");
}

TEST(WireTest, HeadersAndDescriptionsComeOutAsTheyWentIn) {
  const auto all = OneOfEach();
  const auto described = Described::Decode(PayloadOf(all[1]));
  ASSERT_TRUE(described);
  EXPECT_EQ(described->actions.at(0).name, "greet.hello");
  EXPECT_TRUE(described->actions.at(0).has_cancel);
  const auto done = HttpDone::Decode(PayloadOf(all.back()));
  ASSERT_TRUE(done);
  ASSERT_EQ(done->response.header_count, 1u);
  EXPECT_EQ(View(done->response.headers[0].value), "b");
}

TEST(WireTest, FramesMayComeByteByByteAndManyAtOnce) {
  const auto all = OneOfEach();
  std::string stream;
  for (const auto& frame : all) stream += frame;
  for (const size_t step : {size_t{1}, size_t{3}, stream.size()}) {
    FrameSplitter splitter;
    size_t count = 0;
    for (size_t at = 0; at < stream.size(); at += step) {
      splitter.Append(std::string_view(stream).substr(at, step));
      while (const auto frame = splitter.Next()) {
        EXPECT_EQ(frame->payload, PayloadOf(all[count]));
        ++count;
      }
    }
    EXPECT_EQ(count, all.size());
    EXPECT_FALSE(splitter.is_broken());
  }
}

TEST(WireTest, LengthsThatNoFrameHasBreakTheStream) {
  for (const std::string& bytes : {std::string("\0\0\0\0x", 5), std::string("\xff\xff\xff\xffx", 5)}) {
    FrameSplitter splitter;
    splitter.Append(bytes);
    EXPECT_FALSE(splitter.Next());
    EXPECT_TRUE(splitter.is_broken());
  }
}

TEST(WireTest, ACutOrLongerMessageIsNone) {
  for (const std::string& frame : OneOfEach()) {
    const std::string payload(PayloadOf(frame));
    EXPECT_GE(Decoders(payload), 1);
    for (size_t size = 0; size < payload.size(); ++size) {
      // A prefix may happen to be another, shorter message; never does a decoder read beyond its end (the sanitizers would say so).
      const std::string cut = payload.substr(0, size);
      (void)Decoders(cut);
    }
    EXPECT_EQ(Complete::Decode(payload + "x").has_value(), false);
  }
}

TEST(WireTest, RandomBytesDoNoHarm) {
  std::mt19937 random(42);
  for (int i = 0; i < 20'000; ++i) {
    std::string payload(random() % 200, '\0');
    for (char& byte : payload) byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
    (void)Decoders(payload);
  }
}

}  // namespace
}  // namespace orc::wire
