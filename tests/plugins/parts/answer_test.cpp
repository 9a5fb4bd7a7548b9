#include "service/answer.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "service/answer_body.h"
#include "service/retry_after.h"

namespace orc::service {
namespace {

using orchestrator::Outcome;

orchestrator::Result ResultOf(int32_t status, std::string_view body,
                              std::vector<std::pair<std::string_view, std::string_view>> headers = {}, std::string_view error_code = {}) {
  std::vector<orc_http_header> table;
  for (const auto& [name, value] : headers) table.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
  orc_http_response response{};
  response.struct_size = sizeof response;
  response.status = status;
  response.headers = table.data();
  response.header_count = table.size();
  response.body = {body.data(), body.size()};
  response.error_code = {error_code.data(), error_code.size()};
  return ToResult(orchestrator::HttpResponse(&response), "POST http://h/x", 784111777000000);
}

TEST(BodyAsJson, KeepsJsonAsItIs) {
  EXPECT_EQ(BodyAsJson("{\"b\": 1.0, \"a\":12345678901234567}"), "{\"b\": 1.0, \"a\":12345678901234567}");
  EXPECT_EQ(BodyAsJson(" 12 "), " 12 ");
  EXPECT_EQ(BodyAsJson("\xEF\xBB\xBF[1]"), "[1]");
}

TEST(BodyAsJson, MakesTextAStringAndBytesBase64) {
  EXPECT_EQ(BodyAsJson(""), "null");
  EXPECT_EQ(BodyAsJson("<p>\"hi\"\n</p>"), "\"<p>\\\"hi\\\"\\n</p>\"");
  EXPECT_EQ(BodyAsJson("{\"a\":1,}"), "\"{\\\"a\\\":1,}\"");
  EXPECT_EQ(BodyAsJson("18446744073709551616"), "\"18446744073709551616\"");  // no 64-bit number: kept as text
  EXPECT_EQ(BodyAsJson("\xFF\xD8\xFF"), "{\"base64\":\"/9j/\"}");
  const std::string deep(100, '[');
  EXPECT_TRUE(CheckJson(BodyAsJson(deep + std::string(100, ']'))).ok());
}

TEST(Base64, PadsAsItMust) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64(std::string_view("\0\xFF\x10\x80", 4)), "AP8QgA==");
}

TEST(ToResult, SucceedsBelow400) {
  const auto result = ResultOf(201, "{\"id\":7}", {{"set-cookie", "a=1"}, {"x", "1"}, {"x", "2"}});
  EXPECT_EQ(result.outcome, Outcome::kSucceeded);
  EXPECT_EQ(result.http_code, 201);
  EXPECT_EQ(result.output, "{\"id\":7}");
  EXPECT_EQ(ParseJson(result.response_headers).value().at("x").as_string(), "1, 2");
  EXPECT_EQ(ResultOf(302, "").outcome, Outcome::kSucceeded);
}

TEST(ToResult, FailsFrom400AndKeepsTheAnswer) {
  const auto result = ResultOf(404, "{\"error\":{\"message\":\"no such model\"}}");
  EXPECT_EQ(result.outcome, Outcome::kFailed);
  EXPECT_EQ(result.error_code, "http_status");
  EXPECT_EQ(result.error_message, "POST http://h/x answered 404: no such model");
  EXPECT_EQ(result.output, "{\"error\":{\"message\":\"no such model\"}}");
  EXPECT_EQ(result.http_code, 404);
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599})
    EXPECT_EQ(ResultOf(status, "").outcome, Outcome::kFailedRetryable) << status;
  for (const int status : {400, 401, 403, 409, 422, 600}) EXPECT_EQ(ResultOf(status, "").outcome, Outcome::kFailed) << status;
}

TEST(ToResult, HonoursRetryAfter) {
  EXPECT_EQ(ResultOf(503, "", {{"retry-after", "7"}}).retry_after_ms, 7000);
  EXPECT_EQ(ResultOf(429, "", {{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"}}).retry_after_ms, 10'000);
  EXPECT_EQ(ResultOf(503, "").retry_after_ms, -1);
}

TEST(ToResult, NamesTheHostsOwnCodes) {
  EXPECT_EQ(ResultOf(0, "", {}, "timeout").outcome, Outcome::kFailedRetryable);
  EXPECT_EQ(ResultOf(0, "", {}, "egress_denied").outcome, Outcome::kFailed);
  EXPECT_EQ(ResultOf(0, "", {}, "cancelled").outcome, Outcome::kCancelled);
  EXPECT_EQ(ResultOf(0, "", {}, "tls").output, "");
}

TEST(RetryAfter, ReadsAllThreeDates) {
  constexpr int64_t kAt = 784111777;
  EXPECT_EQ(HttpDateSeconds("Sun, 06 Nov 1994 08:49:37 GMT"), kAt);
  EXPECT_EQ(HttpDateSeconds("Sunday, 06-Nov-94 08:49:37 GMT"), kAt);
  EXPECT_EQ(HttpDateSeconds("Sun Nov  6 08:49:37 1994"), kAt);
  EXPECT_EQ(HttpDateSeconds("Thu, 29 Feb 2024 00:00:00 GMT"), 1709164800);
}

TEST(RetryAfter, RefusesTheRest) {
  for (const char* text : {"", "soon", "-5", "1.5", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT and more"}) {
    EXPECT_EQ(RetryAfterMs(text, 0), -1) << text;
  }
  EXPECT_EQ(RetryAfterMs("Sun, 06 Nov 1994 08:49:37 GMT", 1'700'000'000'000'000), 0);
  EXPECT_EQ(RetryAfterMs("99999999999999999999999", 0), 366LL * 24 * 3600 * 1000);
  EXPECT_EQ(RetryAfterMs(" 3 ", 0), 3000);
}

}  // namespace
}  // namespace orc::service
