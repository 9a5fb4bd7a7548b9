#include "base/json.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

std::string Fault(std::string_view text, JsonLimits limits = {}) {
  const auto parsed = ParseJson(text, limits);
  const auto checked = CheckJson(text, limits);
  EXPECT_EQ(parsed.ok(), checked.ok()) << text;
  if (parsed.ok()) return "";
  EXPECT_EQ(parsed.error().message, checked.error().message);
  return parsed.error().message;
}

std::string RoundTrip(std::string_view text) {
  const auto parsed = ParseJson(text);
  return parsed.ok() ? PrintJson(*parsed) : parsed.error().message;
}

TEST(Json, KeepsNumbersFaithful) {
  EXPECT_EQ(RoundTrip("1.0"), "1.0");
  EXPECT_EQ(RoundTrip("1"), "1");
  EXPECT_EQ(RoundTrip("0.1"), "0.1");
  EXPECT_EQ(RoundTrip("-0.0"), "-0.0");
  EXPECT_EQ(RoundTrip("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(RoundTrip("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(RoundTrip("5e-324"), "5e-324");
  EXPECT_EQ(RoundTrip("0.30000000000000004"), "0.30000000000000004");
}

TEST(Json, RefusesNumbersThatWouldBecomeOthers) {
  EXPECT_NE(Fault("18446744073709551616").find("18446744073709551616 does not fit into 64 bits"), std::string::npos);
  EXPECT_NE(Fault("-9223372036854775809").find("does not fit"), std::string::npos);
  EXPECT_NE(Fault("[1e400]").find("1e400 is out of range"), std::string::npos);
  EXPECT_NE(Fault(std::string(400, '9')).find("does not fit"), std::string::npos);
}

TEST(Json, SaysWhereADuplicateKeyStands) {
  EXPECT_EQ(Fault("{\"a\":1,\n  \"b\":{\"x\":1,\"x\":2}}"), "line 2, column 14: duplicate key \"x\"");
  EXPECT_EQ(Fault(R"({"a":{"x":1},"b":{"x":1}})"), "");
}

TEST(Json, FindsADuplicateAmongManyKeys) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_NE(Fault(text + "\"k3\":1}").find("duplicate key \"k3\""), std::string::npos);
  EXPECT_EQ(Fault(text + "\"other\":1}"), "");
}

TEST(Json, LimitsDepth) {
  EXPECT_EQ(Fault(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(Fault(std::string(65, '[') + std::string(65, ']')), "line 1, column 65: nested deeper than 64 levels");
  EXPECT_NE(Fault(std::string(100'000, '[')).find("nested deeper"), std::string::npos);
}

TEST(Json, LimitsBytes) {
  const auto parsed = ParseJson("[1,2,3]", {.max_bytes = 3});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kTooLarge);
}

TEST(Json, SaysWhereTextIsNotUtf8) {
  EXPECT_EQ(Fault("{\"a\":\"\xC3(\"}"), "line 1, column 7: the text is not UTF-8");
  EXPECT_NE(Fault("\"\xED\xA0\x80\"").find("not UTF-8"), std::string::npos);  // a surrogate
  EXPECT_NE(Fault("\"\xC0\xAF\"").find("not UTF-8"), std::string::npos);      // overlong
  EXPECT_NE(Fault("\"\xF4\x90\x80\x80\"").find("not UTF-8"), std::string::npos);
}

TEST(Json, RefusesWhatIsNoDocument) {
  for (const char* text : {"", " ", "nul", "[1,]", "{'a':1}", "{\"a\":1,}", "[1] 2", "01", "+1", "NaN", "\"\\ud800\"", "\"a\tb\"",
                           "{\"a\"}", "\"", "[", "{\"a\":1 \"b\":2}"}) {
    EXPECT_NE(Fault(text).find("line 1, column"), std::string::npos) << text;
  }
  EXPECT_NE(Fault("\xEF\xBB\xBF{}").find("byte order mark"), std::string::npos);
}

TEST(Json, KeepsLongTextsAndEscapes) {
  const std::string text = "{\"" + std::string(5000, 'k') + "\":\"" + std::string(5000, 'v') + "\"}";
  EXPECT_EQ(RoundTrip(text), text);
  EXPECT_EQ(RoundTrip(R"("\u00e9\ud83d\ude00\n\u0000\/")"), "\"é😀\\n\\u0000/\"");
}

TEST(Json, ComparesByMeaning) {
  const auto equal = [](const char* a, const char* b) { return JsonEquals(ParseJson(a).value(), ParseJson(b).value()); };
  EXPECT_TRUE(equal("1", "1.0"));
  EXPECT_TRUE(equal(R"({"a":1,"b":[{"c":null}]})", R"({"b":[{"c":null}],"a":1.0})"));
  EXPECT_FALSE(equal("9007199254740993", "9007199254740992.0"));
  EXPECT_FALSE(equal("18446744073709551615", "-1"));
  EXPECT_FALSE(equal("[1,2]", "[2,1]"));
  EXPECT_FALSE(equal("{}", "[]"));
  EXPECT_FALSE(equal("null", "false"));
}

TEST(Json, ReadsMembersWithoutGuessing) {
  const Json value = ParseJson(R"({"n":5,"f":1.5,"s":"5","b":true,"big":18446744073709551615})").value();
  EXPECT_EQ(IntAt(value, "n"), 5);
  EXPECT_EQ(IntAt(value, "f"), std::nullopt);
  EXPECT_EQ(IntAt(value, "s"), std::nullopt);
  EXPECT_EQ(IntAt(value, "b"), std::nullopt);
  EXPECT_EQ(IntAt(value, "big"), std::nullopt);
  EXPECT_EQ(StringAt(value, "n", "none"), "none");
  EXPECT_EQ(Find(Json("text"), "n"), nullptr);
}

TEST(Json, MakesTextStorable) {
  EXPECT_EQ(ToStorableText(std::string_view("a\0b\xFF", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  std::string out;
  AppendJsonString(out, std::string_view("\x01\"\\\xFF", 4));
  EXPECT_EQ(out, "\"\\u0001\\\"\\\\\xEF\xBF\xBD\"");
}

TEST(Json, EscapesPointers) { EXPECT_EQ(Pointer("/a", "x/y~z"), "/a/x~1y~0z"); }

TEST(Json, DescribesWhatWasFound) {
  EXPECT_EQ(DescribeJson(Json("abc")), "the string \"abc\"");
  EXPECT_EQ(DescribeJson(Json(7)), "the number 7");
  EXPECT_EQ(DescribeJson(Json(JsonArray())), "an empty array");
  EXPECT_LT(DescribeJson(Json(std::string(10'000, 'x'))).size(), 100u);
}

}  // namespace
}  // namespace orc
