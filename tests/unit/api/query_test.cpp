// Targets, queries, times and durations as clients write them.
#include <gtest/gtest.h>

#include "api/paging.h"
#include "api/router.h"
#include "base/clock.h"
#include "base/rfc3339.h"

namespace orc {
namespace {

TEST(Query, DecodesNamesAndValues) {
  const Query query("a=1&b=x%20y+z&a=2&flag&=v&c=%C3%A4");
  EXPECT_EQ(*query.Find("a"), "1");
  EXPECT_EQ(*query.Find("b"), "x y z");
  EXPECT_EQ(query.FindAll("a").size(), 2u);
  EXPECT_EQ(*query.Find("flag"), "");
  EXPECT_EQ(*query.Find("c"), "ä");
  EXPECT_EQ(query.Find("d"), nullptr);
}

TEST(Query, ReadsDurations) {
  EXPECT_EQ(*ReadWait(Query("wait=10s")), 10'000'000);
  EXPECT_EQ(*ReadWait(Query("wait=500ms")), 500'000);
  EXPECT_EQ(*ReadWait(Query("wait=5m")), 300'000'000);
  EXPECT_EQ(*ReadWait(Query("wait=7")), 7'000'000);
  EXPECT_EQ(*ReadWait(Query("")), 0);
  for (const char* bad : {"wait=", "wait=s", "wait=-1s", "wait=6m", "wait=301s", "wait=1h", "wait=99999999999s", "wait=1.5s"}) {
    const Result<int64_t> result = ReadWait(Query(bad));
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::kUnreadable);
    EXPECT_NE(result.error().message.find("\"wait\""), std::string::npos);
  }
}

TEST(Query, ReadsLimits) {
  EXPECT_EQ(ReadPage(Query(""))->limit, 50);
  EXPECT_EQ(ReadPage(Query("limit=500&cursor=abc"))->cursor, "abc");
  for (const char* bad : {"limit=0", "limit=501", "limit=-1", "limit=x", "limit=", "limit=1x", "limit=99999999999999999999"}) {
    EXPECT_FALSE(ReadPage(Query(bad)).ok()) << bad;
  }
}

TEST(Query, ReadsFlags) {
  EXPECT_TRUE(*ReadFlag(Query("force"), "force"));
  EXPECT_TRUE(*ReadFlag(Query("force=true"), "force"));
  EXPECT_FALSE(*ReadFlag(Query("force=0"), "force"));
  EXPECT_FALSE(*ReadFlag(Query(""), "force"));
  EXPECT_FALSE(ReadFlag(Query("force=maybe"), "force").ok());
}

TEST(Rfc3339, ReadsWhatFormatTimeWrites) {
  for (const int64_t us : {int64_t{0}, int64_t{1'700'000'000'123'456}, int64_t{951'782'400'000'000}}) {
    EXPECT_EQ(ParseRfc3339(FormatTime(us)), us) << FormatTime(us);
  }
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  EXPECT_EQ(ParseRfc3339("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(ParseRfc3339("1970-01-01T01:00:00 01:00"), 0);
  EXPECT_EQ(ParseRfc3339("1969-12-31T23:30:00-00:30"), 0);
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00.5Z"), 500'000);
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00.1234567Z"), 123'456);
  for (const char* bad : {"", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00",
                          "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00Zx", "70-01-01T00:00:00Z", "yesterday"}) {
    EXPECT_FALSE(ParseRfc3339(bad)) << bad;
  }
}

TEST(Router, PrefersWordsAndIsStrictAboutSlashes) {
  const auto validate = FindRoute(Routes(), Method::kPost, "/v1/workflows/validate");
  ASSERT_NE(validate.route, nullptr);
  EXPECT_EQ(validate.route->pattern, "/v1/workflows/validate");
  const auto version = FindRoute(Routes(), Method::kGet, "/v1/workflows/wf%2F1/versions/7");
  ASSERT_NE(version.route, nullptr);
  EXPECT_EQ(version.params, (std::vector<std::string>{"wf/1", "7"}));
  EXPECT_EQ(FindRoute(Routes(), Method::kGet, "/v1/runs/").route, nullptr);
  EXPECT_EQ(FindRoute(Routes(), Method::kGet, "//v1/runs").route, nullptr);
  EXPECT_EQ(FindRoute(Routes(), Method::kGet, "/v1").allowed, "");
  EXPECT_EQ(FindRoute(Routes(), Method::kPatch, "/v1/runs").allowed, "GET, HEAD, POST");
  EXPECT_NE(FindRoute(Routes(), Method::kHead, "/v1/runs").route, nullptr);
  EXPECT_NE(FindRoute(Routes(), Method::kGet, "/").route, nullptr);
}

TEST(Target, EncodesWhatItDecodes) {
  const std::string text = "a b/ä?%\n~";
  EXPECT_EQ(PercentDecode(PercentEncode(text)), text);
  EXPECT_EQ(PercentEncode("step_1.x"), "step_1.x");
  EXPECT_FALSE(PercentDecode("%4"));
}

}  // namespace
}  // namespace orc
