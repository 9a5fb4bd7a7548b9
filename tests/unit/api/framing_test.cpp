// The framing on plain buffers: every way to smuggle, and every way to cut a request into pieces.
#include "api/framing.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

struct Outcome {
  RequestParser::State state;
  int status = 0;
  std::string detail;
  Request request;
  size_t taken = 0;
};

/// Feeds `bytes` in pieces of `step` as a socket would give them.
Outcome Parse(std::string_view bytes, size_t step = std::string::npos, const FramingLimits& limits = {}) {
  RequestParser parser(limits);
  std::string waiting;
  size_t taken = 0;
  for (size_t at = 0; at < bytes.size() && parser.state() != RequestParser::State::kDone;) {
    const std::string_view piece = bytes.substr(at, step);
    at += piece.size();
    waiting += piece;
    const size_t count = parser.Feed(waiting);
    waiting.erase(0, count);
    taken += count;
    if (parser.state() == RequestParser::State::kRefused) return {parser.state(), parser.fault().status, parser.fault().detail, {}, taken};
  }
  Outcome outcome{parser.state(), 0, {}, {}, taken};
  if (outcome.state == RequestParser::State::kDone) outcome.request = parser.TakeRequest();
  return outcome;
}

struct BadCase {
  const char* name;
  std::string bytes;
  int status;
};
class BadRequests : public testing::TestWithParam<BadCase> {};

TEST_P(BadRequests, AreRefusedWholeOrInPieces) {
  for (const size_t step : {std::string::npos, size_t{1}, size_t{7}}) {
    const Outcome outcome = Parse(GetParam().bytes, step);
    EXPECT_EQ(outcome.state, RequestParser::State::kRefused) << "step " << step;
    EXPECT_EQ(outcome.status, GetParam().status) << outcome.detail;
    EXPECT_FALSE(outcome.detail.empty());
  }
}

std::string Get(const std::string& lines) { return "GET / HTTP/1.1\r\n" + lines + "\r\n"; }
std::string Post(const std::string& lines, const std::string& body = "") {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n" + body;
}
std::string Chunked(const std::string& body) { return Post("Transfer-Encoding: chunked\r\n", body); }
std::string Repeat(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Framing, BadRequests,
    testing::Values(
        BadCase{"both_lengths", Post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        BadCase{"both_lengths_turned", Post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
        BadCase{"two_lengths", Post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), 400},
        BadCase{"two_equal_lengths", Post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
        BadCase{"list_of_lengths", Post("Content-Length: 5, 5\r\n", "hello"), 400},
        BadCase{"plus_length", Post("Content-Length: +5\r\n", "hello"), 400},
        BadCase{"minus_length", Post("Content-Length: -5\r\n", "hello"), 400},
        BadCase{"hex_length", Post("Content-Length: 0x5\r\n", "hello"), 400},
        BadCase{"empty_length", Post("Content-Length:\r\n", "hello"), 400},
        BadCase{"fraction_length", Post("Content-Length: 5.0\r\n", "hello"), 400},
        BadCase{"huge_length", Post("Content-Length: 99999999999999999999999\r\n"), 400},
        BadCase{"length_over_limit", Post("Content-Length: 1048577\r\n"), 413},
        BadCase{"encoding_list", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
        BadCase{"encoding_after_chunked", Post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400},
        BadCase{"encoding_identity", Post("Transfer-Encoding: identity\r\n"), 400},
        BadCase{"encoding_vertical_tab",
                Post("Transfer-Encoding: \x0b"
                     "chunked\r\n",
                     "0\r\n\r\n"),
                400},
        BadCase{"two_encodings", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        BadCase{"encoding_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadCase{"space_before_colon", Post("Content-Length : 5\r\n", "hello"), 400},
        BadCase{"space_before_colon_te", Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
        BadCase{"tab_before_colon", Post("Content-Length\t: 5\r\n", "hello"), 400}, BadCase{"no_host", Get(""), 400},
        BadCase{"two_hosts", Get("Host: a\r\nHost: a\r\n"), 400}, BadCase{"host_with_path", Get("Host: a/b\r\n"), 400},
        BadCase{"host_with_user", Get("Host: a@b\r\n"), 400}, BadCase{"folded_header", Get("Host: a\r\nX: 1\r\n  2\r\n"), 400},
        BadCase{"folded_first_header", "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n", 400},
        BadCase{"no_colon", Get("Host: a\r\nnonsense\r\n"), 400}, BadCase{"empty_name", Get("Host: a\r\n: x\r\n"), 400},
        BadCase{"bad_name", Get("Host: a\r\nX(y): 1\r\n"), 400},
        BadCase{"nul_in_value", Get("Host: a\r\nX: 1" + std::string(1, '\0') + "2\r\n"), 400},
        BadCase{"nul_in_name", Get("Host: a\r\nX" + std::string(1, '\0') + ": 2\r\n"), 400},
        BadCase{"bare_cr_in_value", Get("Host: a\r\nX: 1\rContent-Length: 5\r\n"), 400},
        BadCase{"bare_lf_in_value", Get("Host: a\r\nX: 1\nContent-Length: 5\r\n"), 400},
        BadCase{"lf_only", "GET / HTTP/1.1\nHost: a\n\n", 400}, BadCase{"empty_first_line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"double_space", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400}, BadCase{"no_version", "GET /\r\nHost: a\r\n\r\n", 400},
        BadCase{"two_targets", "GET / /x HTTP/1.1\r\nHost: a\r\n\r\n", 400}, BadCase{"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        BadCase{"version_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505}, BadCase{"version_odd", "GET / HTTX/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"bad_method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400}, BadCase{"tls_hello", "\x16\x03\x01\x02\n", 400},
        BadCase{"other_scheme_target", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"star_target", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"half_escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"bad_escape", "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"nul_escape", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"raw_utf8", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadCase{"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400}, BadCase{"expectation", Post("Expect: the-best\r\n"), 417},
        BadCase{"long_head", Get("Host: a\r\nX: " + std::string(40'000, 'x') + "\r\n"), 431},
        BadCase{"endless_line", "GET /" + std::string(40'000, 'x'), 431},
        BadCase{"many_headers", Get("Host: a\r\n" + Repeat("X: 1\r\n", 101)), 431},
        BadCase{"chunk_not_hex", Chunked("zz\r\nhello\r\n0\r\n\r\n"), 400},
        BadCase{"chunk_signed", Chunked("+5\r\nhello\r\n0\r\n\r\n"), 400}, BadCase{"chunk_too_big", Chunked("FFFFFFFFFFFFFFFFF\r\n"), 400},
        BadCase{"chunk_over_limit", Chunked("100001\r\nx"), 413}, BadCase{"chunk_wrong_end", Chunked("5\r\nhelloXX0\r\n\r\n"), 400},
        BadCase{"chunk_lf_only", Chunked("5\nhello\n0\n\n"), 400},
        BadCase{"chunk_long_extension", Chunked("5;" + std::string(20'000, 'x')), 400},
        BadCase{"trailer_host", Chunked("0\r\nHost: evil\r\n\r\n"), 400},
        BadCase{"trailer_folded", Chunked("0\r\nA: b\r\n c\r\n\r\n"), 400},
        BadCase{"trailers_endless", Chunked("0\r\n" + Repeat("A: b\r\n", 5000)), 400},
        BadCase{"chunk_space", Chunked("5 \r\nhello\r\n0\r\n\r\n"), 400},
        BadCase{"chunk_bare_cr", Chunked("5;a=\rb\r\nhello\r\n0\r\n\r\n"), 400},
        BadCase{"trailer_length", Chunked("0\r\nContent-Length: 5\r\n\r\n"), 400}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

TEST(Framing, ReadsARequestInPiecesOfAnySize) {
  const std::string bytes =
      "POST /v1/runs?wait=10s HTTP/1.1\r\nHost: localhost:8100\r\nContent-Type: application/json\r\nX-Empty:\r\nContent-Length: "
      "7\r\n\r\n{\"a\":1}";
  for (size_t step = 1; step <= bytes.size(); ++step) {
    const Outcome outcome = Parse(bytes, step);
    ASSERT_EQ(outcome.state, RequestParser::State::kDone) << outcome.detail;
    EXPECT_EQ(outcome.request.method, Method::kPost);
    EXPECT_EQ(outcome.request.path(), "/v1/runs");
    EXPECT_EQ(outcome.request.query(), "wait=10s");
    EXPECT_EQ(outcome.request.Header("content-TYPE"), "application/json");
    EXPECT_EQ(outcome.request.Header("X-Empty"), "");
    EXPECT_NE(outcome.request.Header("X-Empty").data(), nullptr);
    EXPECT_EQ(outcome.request.Header("X-None").data(), nullptr);
    EXPECT_EQ(outcome.request.body, "{\"a\":1}");
    EXPECT_TRUE(outcome.request.keep_alive);
    EXPECT_EQ(outcome.taken, bytes.size());
  }
}

TEST(Framing, ReadsChunksAndDropsTrailers) {
  const std::string bytes = Chunked("5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Checksum: 1\r\n\r\n") + "GET";
  for (const size_t step : {size_t{1}, size_t{3}, size_t{10}, std::string::npos}) {
    const Outcome outcome = Parse(bytes, step);
    ASSERT_EQ(outcome.state, RequestParser::State::kDone) << outcome.detail;
    EXPECT_EQ(outcome.request.body, "hello!");
    EXPECT_EQ(outcome.request.Header("X-Checksum").data(), nullptr);
    EXPECT_EQ(outcome.request.Header("Host"), "x");
  }
}

TEST(Framing, ReadsAnEmptyChunkedBodyByteByByte) {
  const Outcome outcome = Parse(Chunked("0\r\n\r\n"), 1);
  ASSERT_EQ(outcome.state, RequestParser::State::kDone) << outcome.detail;
  EXPECT_EQ(outcome.request.body, "");
}

TEST(Framing, TakesNothingBeyondTheRequest) {
  const std::string first = Post("Content-Length: 2\r\n", "ab");
  EXPECT_EQ(Parse(first + "GET / HTTP/1.1\r\n").taken, first.size());
  const std::string bare = Get("Host: a\r\n");
  EXPECT_EQ(Parse(bare + bare).taken, bare.size());
}

TEST(Framing, KnowsWhoKeepsTheConnection) {
  EXPECT_FALSE(Parse(Get("Host: a\r\nConnection: close\r\n")).request.keep_alive);
  EXPECT_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").request.keep_alive);
  EXPECT_TRUE(Parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").request.keep_alive);
}

TEST(Framing, SaysOnceThatTheClientWaits) {
  const FramingLimits limits;
  RequestParser parser(limits);
  const std::string head = Post("Content-Length: 2\r\nExpect: 100-continue\r\n");
  ASSERT_EQ(parser.Feed(head), head.size());
  EXPECT_TRUE(parser.TakeContinue());
  EXPECT_FALSE(parser.TakeContinue());
  parser.Feed("ab");
  EXPECT_EQ(parser.state(), RequestParser::State::kDone);
}

TEST(Framing, AcceptsABodyOfExactlyTheLimit) {
  FramingLimits limits;
  limits.max_body_bytes = 10;
  EXPECT_EQ(Parse(Post("Content-Length: 10\r\n", "0123456789"), 3, limits).state, RequestParser::State::kDone);
  EXPECT_EQ(Parse(Chunked("a\r\n0123456789\r\n0\r\n\r\n"), 3, limits).state, RequestParser::State::kDone);
  EXPECT_EQ(Parse(Chunked("a\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\n"), 3, limits).status, 413);
}

}  // namespace
}  // namespace orc
