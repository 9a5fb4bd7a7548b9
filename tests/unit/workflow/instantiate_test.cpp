// What params may do to a template, and what they may not.
#include <gtest/gtest.h>

#include "workflow/limits.h"
#include "workflow/workflow_template.h"

namespace orc {
namespace {

WorkflowTemplate Made(std::string_view text) {
  auto parsed = ParseTemplate(ParseJson(text).value());
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return std::move(parsed).value();
}

std::string Faults(const Error& error) {
  std::string text;
  for (const Problem& problem : error.problems) text += problem.pointer + ": " + problem.detail + "\n";
  return text;
}

std::string Refusal(const WorkflowTemplate& made, const Json& params) {
  const auto document = Instantiate(made, params);
  return document.ok() ? "taken: " + PrintJson(*document) : Faults(document.error());
}

const char* const kWithSchema = R"({"name":"t","params":{"type":"object","required":["topic"],"properties":{"topic":{"type":"string"},
    "model":{"type":"string","default":"llama2"}}},"steps":[{"name":"s","action":"transform","input":{"set":{"t":"{{ params.topic }}"}}}]})";

TEST(InstantiateParams, RefusesAMisspeltParamThoughItsDefaultWouldDo) {
  EXPECT_EQ(Refusal(Made(kWithSchema), JsonObject{{"topic", "x"}, {"modle", "y"}}),
            "/params/modle: the template has no parameter \"modle\" (did you mean \"model\"?)\n");
}

TEST(InstantiateParams, LeavesTheSchemasOwnWordOnFurtherParamsAlone) {
  const auto made = Made(R"({"name":"t","params":{"additionalProperties":true},"steps":[{"name":"s"}]})");
  EXPECT_TRUE(Instantiate(made, JsonObject{{"any", 1}}).ok());
}

TEST(InstantiateParams, TakesAnythingThatIsUsedWhereNothingIsDeclared) {
  const auto made = Made(R"({"name":"{{ params.n }}","steps":[{"name":"{{ params.s }}"}]})");
  EXPECT_EQ(PrintJson(*Instantiate(made, JsonObject{{"n", "a"}, {"s", "b"}})), R"({"name":"a","steps":[{"name":"b"}]})");
  EXPECT_EQ(Refusal(made, JsonObject{{"n", "a"}}), "/params: the parameter \"s\" is missing; /steps/0/name of the template needs it\n");
  EXPECT_EQ(Refusal(made, nullptr),
            "/params: the parameter \"n\" is missing; /name of the template needs it\n"
            "/params: the parameter \"s\" is missing; /steps/0/name of the template needs it\n");
}

TEST(InstantiateParams, FillsInFieldsOfBareExpressions) {
  const auto made = Made(R"({"name":"t","output":"steps.s.output + params.n","steps":[
      {"name":"s","action":"transform","if":"params.n > 2 && context.go","for_each":"params.list","input":{"expr":"params.who + item"},
       "repeat":{"until":"output == params.who"},"compensate":{"action":"condition","input":{"if":"{{ params.n > 2 }}"}}}]})");
  EXPECT_EQ(
      PrintJson(*Instantiate(made, JsonObject{{"n", 3}, {"who", "a\"{{b"}, {"list", JsonArray{1, 2}}})),
      R"x({"name":"t","output":"{{ steps.s.output + (3) }}","steps":[{"name":"s","action":"transform","if":"(true) && context.go","for_each":"[1,2]",)x"
      R"x("input":{"expr":"(\"a\\\"{{b\") + item"},"repeat":{"until":"output == (\"a\\\"{{b\")"},)x"
      R"x("compensate":{"action":"condition","input":{"if":"true"}}}]})x");
}

TEST(InstantiateParams, TellsOfAParamThatLacksAPart) {
  const auto made = Made(R"({"name":"t","steps":[{"name":"{{ params.a.b }}"}]})");
  EXPECT_NE(Refusal(made, JsonObject{{"a", 5}}).find("/steps/0/name of the template needs it"), std::string::npos);
}

TEST(InstantiateParams, BracesInAParamStayText) {
  const Json document = Instantiate(Made(kWithSchema), JsonObject{{"topic", "{{ steps.s.output }}"}}).value();
  EXPECT_NE(PrintJson(document).find("{{{{ steps.s.output }}"), std::string::npos);  // what a run writes as {{ … }}
}

TEST(InstantiateParams, PutsNothingInWhereExpressionsAreOff) {
  const auto made = Made(R"({"name":"t","expressions":false,"steps":[{"name":"s","input":{"a":"{{ what {{ ever"}}]})");
  EXPECT_EQ(PrintJson(*Instantiate(made, nullptr)), PrintJson(made.document));
}

TEST(InstantiateParams, RefusesWhatCouldNotBeStored) {
  std::string steps;
  for (int i = 0; i < 100; ++i) steps += std::string(i == 0 ? "" : ",") + R"({"name":"s","input":{"a":"{{ params.x }}"}})";
  const auto many = Made(R"({"name":"t","steps":[)" + steps + "]}");
  EXPECT_TRUE(Instantiate(many, JsonObject{{"x", std::string(10'000, 'x')}}).ok());
  EXPECT_EQ(Refusal(many, JsonObject{{"x", std::string(kMaxMadeBytes / 50, 'x')}}),
            "/params: the workflow would be larger than " + std::to_string(kMaxMadeBytes) + " bytes\n");
  const Json deep = ParseJson(std::string(62, '[') + std::string(62, ']')).value();
  EXPECT_NE(Refusal(many, JsonObject{{"x", deep}}).find("can't be stored"), std::string::npos);
}

TEST(ParseTemplateFaults, AreToldWhenTheTemplateIsStored) {
  const auto parsed =
      ParseTemplate(ParseJson(R"({"name":"","steps":[5,{"name":"{{ a b }}"},{"input":{"x":["{{ "]}}],"params":7})").value());
  ASSERT_FALSE(parsed.ok());
  std::vector<std::string> pointers;
  for (const Problem& problem : parsed.error().problems) pointers.push_back(problem.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/name", "/steps/0", "/steps/1/name", "/steps/2/input/x/0", "/params"}));
}

TEST(ParseTemplateFaults, NamesOfAPackAreUnique) {
  const auto pack = ParseTemplatePack(ParseJson(R"({"templates":[{"name":"a","steps":[{}]},{"name":"a","steps":[{}]}]})").value());
  ASSERT_FALSE(pack.ok());
  EXPECT_EQ(Faults(pack.error()), "/templates/1/name: is the name of template 0 too\n");
}

}  // namespace
}  // namespace orc
