#include "base/json_schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace orc {
namespace {

std::shared_ptr<const JsonSchema> Compiled(std::string_view text) {
  auto schema = JsonSchema::Compile("test", ParseJson(text).value());
  EXPECT_TRUE(schema.ok()) << (schema.ok() ? "" : schema.error().message);
  return schema.ok() ? *schema : nullptr;
}

std::string Faults(std::string_view schema, std::string_view document, JsonSchema::OpenValue is_open = nullptr) {
  std::string text;
  for (const Problem& problem : Compiled(schema)->Validate(ParseJson(document).value(), "", is_open)) {
    text += problem.pointer + ": " + problem.detail + "\n";
  }
  return text;
}

std::string Refusal(std::string_view schema) {
  const auto compiled = JsonSchema::Compile("test", ParseJson(schema).value());
  return compiled.ok() ? "" : compiled.error().message;
}

constexpr std::string_view kShop = R"({
  "type": "object", "required": ["name", "items"],
  "properties": {
    "name": {"type": "string", "pattern": "^[a-z]+$"},
    "kind": {"enum": ["a", "b"]},
    "items": {"type": "array", "items": {"$ref": "#/definitions/item"}},
    "o": {"type": "object", "properties": {"timeout": {"type": "integer"}}, "additionalProperties": false}
  },
  "definitions": {"item": {"type": "object", "required": ["id"], "properties": {"id": {"type": ["string", "null"]}}}}})";

TEST(JsonSchema, FindsEveryFaultOnceWithPointerAndSentence) {
  EXPECT_EQ(Faults(kShop, R"({"name":"Ab1","kind":"c","items":[{"id":1},{}],"o":{"timeuot":1}})"),
            "/items/0/id: must be of type string or null, found the number 1\n"
            "/items/1: the required field \"id\" is missing\n"
            "/kind: must be one of \"a\", \"b\", found the string \"c\"\n"
            "/name: must match the pattern ^[a-z]+$, found the string \"Ab1\"\n"
            "/o: the field \"timeuot\" is not known (did you mean \"timeout\"?)\n");
}

TEST(JsonSchema, FindsAMissingFieldBesideAFaultyOne) {
  EXPECT_EQ(Faults(kShop, R"({"name":5})"),
            "/name: must be of type string, found the number 5\n: the required field \"items\" is missing\n");
}

TEST(JsonSchema, TakesOpenValuesAsValid) {
  const auto open = [](const Json& value) { return value.is_string() && value.get_string() == "?"; };
  EXPECT_EQ(Faults(kShop, R"({"name":"?","kind":"?","items":"?"})", open), "");
  EXPECT_EQ(Faults(kShop, R"({"name":"?","items":[{"id":7}]})", open), "/items/0/id: must be of type string or null, found the number 7\n");
  EXPECT_EQ(Faults(R"({"properties":{"u":{"anyOf":[{"type":"integer"},{"type":"null"}]}}})", R"({"u":"?"})", open), "");
}

TEST(JsonSchema, RunsPatternsInLinearTime) {
  const auto schema = Compiled(R"({"pattern":"^(a+)+$"})");
  EXPECT_EQ(schema->Validate(Json(std::string(100'000, 'a').append("b"))).size(), 1u);
  EXPECT_TRUE(schema->Validate(Json(std::string(100'000, 'a'))).empty());
}

TEST(JsonSchema, FindsARepeatedElementAmongManyQuickly) {
  JsonArray many;
  for (int i = 0; i < 50'000; ++i) many.push_back(i);
  const auto schema = Compiled(R"({"uniqueItems":true})");
  EXPECT_TRUE(schema->Validate(Json(many)).empty());
  many.push_back(17);
  EXPECT_EQ(schema->Validate(Json(many)).size(), 1u);
  EXPECT_EQ(schema->Validate(ParseJson(R"([{"a":1,"b":2},{"b":2,"a":1}])").value()).size(), 1u);
  EXPECT_TRUE(schema->Validate(ParseJson(R"(["1",1,[1],{"a":1},{"a":2}])").value()).empty());
}

TEST(JsonSchema, RefusesWhatWouldNeverEndOrReachOut) {
  EXPECT_NE(Refusal(R"({"$ref":"#"})").find("leads back to itself"), std::string::npos);
  EXPECT_NE(
      Refusal(
          R"({"allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"anyOf":[{"$ref":"#/definitions/b"}]},"b":{"$ref":"#/definitions/a"}}})")
          .find("leads back to itself"),
      std::string::npos);
  EXPECT_NE(Refusal(R"({"properties":{"x":{"$ref":"http://example.com/x"}}})").find("nothing is ever fetched"), std::string::npos);
  EXPECT_NE(Refusal(R"({"properties":{"x":{"$ref":"#/definitions/none"}}})").find("names nothing"), std::string::npos);
  EXPECT_NE(Refusal(R"({"pattern":"("})").find("the pattern can't be used"), std::string::npos);
  EXPECT_NE(Refusal(R"({"patternProperties":{"a":{}}})").find("patternProperties"), std::string::npos);
  EXPECT_NE(Refusal(R"({"properties":5})").find("/properties"), std::string::npos);
  EXPECT_NE(Refusal(R"({"type":5})"), "");
  EXPECT_NE(Refusal("3").find("a schema is an object"), std::string::npos);
}

TEST(JsonSchema, TakesASchemaThatRefersToItselfThroughAField) {
  EXPECT_EQ(Faults(R"({"properties":{"next":{"$ref":"#"},"n":{"type":"integer"}}})", R"({"next":{"next":{"n":"x"}}})"),
            "/next/next/n: must be of type integer, found the string \"x\"\n");
}

TEST(JsonSchema, FollowsReferencesIntoFilesOfItsFolderOnly) {
  const auto dir = std::filesystem::temp_directory_path() / ("orc-schema-" + std::to_string(getpid()));
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "step.json")
      << R"({"definitions":{"step":{"type":"object","properties":{"r":{"$ref":"#/definitions/r"}}},"r":{"type":"integer"}}})";
  const Json schema = ParseJson(R"({"properties":{"s":{"$ref":"step.json#/definitions/step"}}})").value();
  const auto compiled = JsonSchema::Compile("main", schema, dir.string());
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  EXPECT_EQ((*compiled)->Validate(ParseJson(R"({"s":{"r":"x"}})").value()).size(), 1u);
  EXPECT_TRUE((*compiled)->Validate(ParseJson(R"({"s":{"r":1}})").value()).empty());
  for (const char* file : {"../etc/passwd", "/etc/passwd", "none.json"}) {
    const Json outside = JsonObject{{"$ref", std::string(file) + "#/x"}};
    EXPECT_FALSE(JsonSchema::Compile("main", outside, dir.string()).ok()) << file;
  }
  std::filesystem::remove_all(dir);
}

TEST(JsonSchema, IsSharedByThreads) {
  const auto schema = Compiled(kShop);
  std::vector<std::thread> threads;
  std::atomic<int> faults = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) faults += static_cast<int>(schema->Validate(ParseJson(R"({"name":"A"})").value()).size());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(faults, 4 * 200 * 2);
}

}  // namespace
}  // namespace orc
