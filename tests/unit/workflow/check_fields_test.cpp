// Fields that are known, that are not, and that come later; schemas that an administrator put in place of ours.
#include <functional>
#include <random>

#include "unit/workflow/checker_fixture.h"
#include "workflow/definition.h"

namespace orc {
namespace {

using CheckFieldsTest = CheckerTest;

TEST_F(CheckFieldsTest, KnowsEveryFieldThatTheSchemasDeclare) {
  const Json workflow = ReadJson(ORC_SOURCE_DIR "/schema/workflow.schema.json");
  const Json steps = ReadJson(ORC_SOURCE_DIR "/schema/steps.schema.json");
  const Json* definitions = Find(steps, "definitions");
  JsonObject step;
  JsonObject retry;
  for (const auto& field : Find(*Find(*definitions, "retry"), "properties")->get_object()) retry[field.key()] = nullptr;
  for (const auto& field : Find(*Find(*definitions, "step"), "properties")->get_object()) step[field.key()] = nullptr;
  step["retry"] = retry;
  JsonObject document;
  for (const auto& field : Find(workflow, "properties")->get_object()) document[field.key()] = nullptr;
  document["steps"] = JsonArray{step};
  ASSERT_GE(step.size(), 8u);
  EXPECT_EQ(Text(checker().Check(document).warnings), "");
}

TEST_F(CheckFieldsTest, WarnsOfCodesThatNothingHas) {
  const std::string step = R"({"name":"a","action":"transform","input":{"set":{}},"retry":{"on":["5xx","503","6xx","netwrok","*"]},)"
                           R"("catch":[{"on":["exprssion_error","timeout"]}]})";
  EXPECT_EQ(Warnings(R"({"name":"w","steps":[)" + step + "]}"),
            "/steps/0/retry/on/2: no error of the server's own has the code \"6xx\"\n"
            "/steps/0/retry/on/3: no error of the server's own has the code \"netwrok\" (did you mean \"network\"?)\n"
            "/steps/0/catch/0/on/0: no error of the server's own has the code \"exprssion_error\" (did you mean \"expression_error\"?)\n");
}

TEST_F(CheckFieldsTest, LooksIntoTheInputOfTheBuiltInActions) {
  for (const char* key : {"context.a", "l[0].sku"}) {
    const std::string step = R"({"name":"a","action":"condition","input":{"key":")" + std::string(key) + R"(","equals":5}})";
    EXPECT_NE(Warnings(R"({"name":"w","steps":[)" + step + "]}").find("is a path within the context"), std::string::npos) << key;
  }
  EXPECT_EQ(Warnings(R"({"name":"w","steps":[{"name":"a","action":"condition","input":{"key":"k","not_equal":5}}]})"),
            "/steps/0/input/not_equal: \"not_equal\" is no field of condition and is ignored (did you mean \"not_equals\"?)\n");
  // A value that merely is called url is no address.
  EXPECT_EQ(Errors(R"({"name":"w","steps":[{"name":"a","action":"transform","input":{"set":{"url":"x"},"url":"not one"}}]})"), "");
}

TEST_F(CheckFieldsTest, AnAdministratorsSchemaIsTakenInPlaceOfOurs) {
  UseSchema(R"({"type":"object","required":["owner"],"properties":{"owner":{"type":"string"},
      "steps":{"type":"array","items":{"type":"object","properties":{"team":{"type":"string"}}}}}})",
            true);
  const std::string step = R"({"name":"a","action":"transform","input":{"set":{}},"team":"t"})";
  EXPECT_EQ(Errors(R"({"name":"w","owner":"me","steps":[)" + step + "]}"), "");
  EXPECT_EQ(Errors(R"({"name":"w","steps":[)" + step + "]}"), ": the required field \"owner\" is missing\n");
  EXPECT_NE(Errors(R"({"name":"w","ownr":"me","owner":"me","steps":[)" + step + "]}").find("/ownr: \"ownr\" is no field of a workflow"),
            std::string::npos);
}

TEST_F(CheckFieldsTest, WhatTheEngineNeedsIsAskedForWhateverTheSchemaSays) {
  UseSchema("{}");
  EXPECT_EQ(Errors(R"({"name":"w"})"), "/steps: a list is expected\n");
  EXPECT_EQ(Errors("5"), "/steps: a list is expected\n");
  EXPECT_EQ(Errors(R"({"steps":[{"action":"transform","input":{"set":{}},"retry":{"max":4294967296,"backoff_ms":-1},"timeout_ms":"1"},5,{},
      {"action":""},{"action":"transform","input":{"set":{}},"requires_approval":"yes"}]})"),
            "/steps/0/retry/max: must be an integer from 0 to 1000, found the number 4294967296\n"
            "/steps/0/retry/backoff_ms: must be an integer from 0 to 86400000, found the number -1\n"
            "/steps/0/timeout_ms: must be an integer from 1 to 86400000, found the string \"1\"\n"
            "/steps/1: a step is an object, found the number 5\n"
            "/steps/2: the required field \"action\" is missing\n"
            "/steps/3/action: must be the name of an action, found the string \"\"\n"
            "/steps/4/requires_approval: must be true, false or an object, found the string \"yes\"\n");
}

// Whatever passes, under any schema, the engine can read.
TEST_F(CheckFieldsTest, WhatPassesParses) {
  UseSchema("true");
  std::mt19937_64 random(20261124);
  const Json seed = ParseJson(R"({"name":"w","labels":{"a":"b"},"expressions":true,"steps":[
      {"id":"s","name":"a","key":"k","action":"transform","input":{"set":{"x":"{{ context.a }}"}},"retry":{"max":1,"backoff_ms":2},"timeout_ms":3},
      {"name":"b","action":"condition","input":{"key":"{{ run.id }}","equals":"{{ steps.k.output.x }}","on_false":"stop"},"requires_approval":true}]})")
                        .value();
  const std::vector<Json> odd = {nullptr, 0,           -7,           1e300, "", "a", "{{ steps.k.output }}", "{{ steps[\"\"].output }}",
                                 "{{",    JsonArray{}, JsonObject{}, false};
  const std::function<Json(const Json&)> mutate = [&](const Json& value) -> Json {
    if (random() % 25 == 0) return odd[random() % odd.size()];
    if (value.is_array()) {
      JsonArray copy;
      for (const Json& element : value.get_array()) copy.push_back(mutate(element));
      if (random() % 8 == 0 && !copy.empty()) copy.push_back(copy[random() % copy.size()]);
      return copy;
    }
    if (!value.is_object()) return value;
    JsonObject copy;
    for (const auto& member : value.get_object()) {
      if (random() % 20 != 0) copy[member.key()] = mutate(member.value());
    }
    return copy;
  };
  ManualClock clock;
  IdSource ids(clock, 1);
  int passed = 0;
  for (int i = 0; i < 5'000; ++i) {
    const Json document = mutate(seed);
    if (!checker().Check(document).errors.empty()) continue;
    ++passed;
    ASSERT_TRUE(ParseDefinition(NormaliseDefinition(document, ids)).ok()) << PrintJson(document);
  }
  EXPECT_GT(passed, 200);
  EXPECT_LT(passed, 5'000);
}

TEST_F(CheckFieldsTest, AStepWithoutAnIdIsNotFoundByAnEmptyOne) {
  EXPECT_NE(Errors(R"({"name":"w","steps":[{"name":"a","action":"transform","input":{"set":{}}},
      {"name":"b","action":"transform","input":{"set":{"x":"{{ steps[\"\"].output }}"}}}]})")
                .find("there is no step \"\""),
            std::string::npos);
}

}  // namespace
}  // namespace orc
