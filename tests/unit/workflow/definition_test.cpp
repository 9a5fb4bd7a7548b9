#include "workflow/definition.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

std::shared_ptr<const Definition> Parsed(std::string_view text) { return ParseDefinition(ParseJson(text).value()).value(); }

TEST(Definition, GivesIdsOnlyWhereThereAreNone) {
  ManualClock clock;
  IdSource ids(clock, 1);
  const Json normal = NormaliseDefinition(
      ParseJson(R"({"name":"w","x":1.0,"steps":[{"name":"a","action":"http"},{"name":"b","id":"mine","action":"http","extra":[1]}]})")
          .value(),
      ids);
  const JsonArray& steps = Find(normal, "steps")->get_array();
  EXPECT_EQ(StringAt(steps[0], "id").substr(0, 5), "step_");
  EXPECT_EQ(StringAt(steps[1], "id"), "mine");
  EXPECT_EQ(PrintJson(*Find(steps[1], "extra")), "[1]");
  EXPECT_EQ(PrintJson(*Find(normal, "x")), "1.0");
}

TEST(Definition, ReadsTheSeedsFields) {
  const auto definition = Parsed(
      R"({"name":"w","steps":[{"id":"s1","name":"a","action":"http","input":{"a":1.0},"retry":{"max":2,"backoff_ms":500},"requires_approval":true,"timeout_ms":9},
    {"id":"s2","name":"b","action":"http","retry":{"max":1}},{"id":"s3","name":"c","action":"http"}]})");
  EXPECT_EQ(definition->steps[0].retry.max, 2);
  EXPECT_EQ(definition->steps[0].retry.backoff_ms, 500);
  EXPECT_TRUE(definition->steps[0].gate.has_value());
  EXPECT_EQ(definition->steps[0].timeout_ms, 9);
  EXPECT_EQ(definition->steps[0].input_text, R"({"a":1.0})");
  EXPECT_EQ(definition->steps[1].retry.backoff_ms, 250);  // a retry with nothing else
  EXPECT_EQ(definition->steps[2].retry.max, 0);
  EXPECT_EQ(definition->steps[2].input_text, "{}");
}

TEST(Definition, FindsStepsByIdKeyAndName) {
  const auto definition = Parsed(
      R"({"name":"w","steps":[{"id":"s1","name":"Call AI-router","action":"x"},{"id":"s2","name":"twin","action":"x"},{"id":"s3","name":"twin","action":"x"},{"id":"s4","name":"z","key":"mine","action":"x"}]})");
  EXPECT_EQ(definition->FindStep("s1"), 0);
  EXPECT_EQ(definition->FindStep("call_ai_router"), 0);
  EXPECT_EQ(definition->FindStep("Call AI-router"), 0);
  EXPECT_EQ(definition->FindStep("twin"), Definition::kAmbiguousStep);
  EXPECT_EQ(definition->FindStep("twin_2"), 2);
  EXPECT_EQ(definition->FindStep("mine"), 3);
  EXPECT_EQ(definition->FindStep("none"), Definition::kNoStep);
}

TEST(Definition, MakesSlugsThatExpressionsCanUse) {
  EXPECT_EQ(SlugOf("call ai-router"), "call_ai_router");
  EXPECT_EQ(SlugOf("  Ärger 2 "), "rger_2");
  EXPECT_EQ(SlugOf("2nd"), "_2nd");
  EXPECT_EQ(SlugOf("in"), "in_");
  EXPECT_EQ(SlugOf("…"), "_");
}

TEST(Definition, ParsesTenThousandSteps) {
  std::string text = R"({"name":"w","steps":[)";
  for (int i = 0; i < 10'000; ++i)
    text += std::string(i == 0 ? "" : ",") + R"({"id":"s)" + std::to_string(i) + R"(","name":"same","action":"x"})";
  const auto definition = Parsed(text + "]}");
  EXPECT_EQ(definition->FindStep("s9999"), 9'999);
  EXPECT_EQ(definition->FindStep("same_10000"), 9'999);
}

TEST(Definition, RefusesABrokenExpressionWithItsPlace) {
  const auto parsed =
      ParseDefinition(ParseJson(R"({"name":"w","steps":[{"id":"a","name":"a","action":"x","input":{"b":"{{ 1 + }}"}}]})").value());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().problems[0].pointer, "/steps/0/input/b");
  EXPECT_EQ(parsed.error().problems[0].place->column, 4);
}

}  // namespace
}  // namespace orc
