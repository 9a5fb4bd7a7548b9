#include "workflow/workflow_template.h"

#include <gtest/gtest.h>

#include "unit/workflow/test_catalog.h"
#include "workflow/check.h"

namespace orc {
namespace {

std::vector<WorkflowTemplate> Pack() { return ParseTemplatePack(ReadJson(ORC_SOURCE_DIR "/templates/templates.json")).value(); }

/// The smallest value that a schema of the pack takes.
Json Minimal(const Json& schema) {
  const std::string_view type = StringAt(schema, "type");
  if (type == "string") return StringAt(schema, "pattern").starts_with("^http") ? "http://service.example/x" : "/some text";
  if (type == "integer") return IntAt(schema, "minimum").value_or(0);
  if (type == "array") return IntAt(schema, "minItems").value_or(0) > 0 ? JsonArray{Minimal(*Find(schema, "items"))} : JsonArray{};
  if (type != "object") return nullptr;
  JsonObject object;
  const Json* required = Find(schema, "required");
  if (required == nullptr) return object;
  for (const Json& name : required->get_array()) {
    const std::string_view key = name.get_string();
    object[key] = Minimal(*Find(*Find(schema, "properties"), key));
  }
  return object;
}

Json MinimalParams(const WorkflowTemplate& made) {
  const Json* schema = Find(made.document, "params");
  return schema == nullptr ? Json(JsonObject{}) : Minimal(*schema);
}

TEST(TemplatePack, HasAtLeastEightAndEachMakesAValidWorkflow) {
  const FolderCatalog catalog;
  const auto checker =
      DefinitionChecker::Open({.schema_dir = ORC_SOURCE_DIR "/schema", .workflow_schema_file = "", .strict = true}, catalog).value();
  const auto pack = Pack();
  EXPECT_GE(pack.size(), 8u);
  for (const WorkflowTemplate& made : pack) {
    EXPECT_FALSE(made.description.empty()) << made.name;
    const auto document = Instantiate(made, MinimalParams(made));
    ASSERT_TRUE(document.ok()) << made.name << ": " << document.error().message;
    for (const Problem& problem : checker->Check(*document).errors)
      ADD_FAILURE() << made.name << " " << problem.pointer << ": " << problem.detail;
    EXPECT_EQ(PrintJson(*document).find("params."), std::string::npos) << made.name;
  }
}

TEST(TemplatePack, IdsStayTheSame) {
  const auto first = Pack();
  const auto second = Pack();
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].id, second[i].id);
  EXPECT_EQ(first[0].id.substr(0, 4), "tpl_");
  EXPECT_NE(first[0].id, first[1].id);
}

WorkflowTemplate Sample() {
  return ParseTemplate(
             ParseJson(
                 R"({"name":"t","params":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},"m":{"default":{"a":1.0}},"o":{"type":"string"}}},
    "steps":[{"name":"s","action":"transform","input":{"set":{"n":"{{ params.n }}","m":"{{ params.m }}","o":"{{ params.o }}","t":"n={{ params.n }} {{ context.x }}"}}}]})")
                 .value())
      .value();
}

TEST(Instantiate, FillsInParamsTypedAndLeavesOtherExpressions) {
  const Json document = Instantiate(Sample(), JsonObject{{"n", 5}}).value();
  EXPECT_EQ(PrintJson(*Find(*Find(Find(document, "steps")->get_array()[0], "input"), "set")),
            R"({"n":5,"m":{"a":1.0},"o":null,"t":"n=5 {{ context.x }}"})");
  EXPECT_EQ(Find(document, "params"), nullptr);
}

TEST(Instantiate, RefusesWrongParamsWithPointers) {
  const auto wrong = Instantiate(Sample(), JsonObject{{"n", "x"}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().problems[0].pointer, "/params/n");
  EXPECT_FALSE(Instantiate(Sample(), nullptr).ok());
  EXPECT_FALSE(Instantiate(Sample(), JsonArray{}).ok());
}

TEST(Instantiate, NamesAParamThatIsNotDeclared) {
  const auto made = ParseTemplate(ParseJson(R"({"name":"t","steps":[{"name":"{{ params.zz }}","action":"http"}]})").value()).value();
  const auto document = Instantiate(made, nullptr);
  ASSERT_FALSE(document.ok());
  EXPECT_NE(document.error().message.find("zz"), std::string::npos);
}

TEST(ParseTemplate, FindsEveryFault) {
  const auto parsed = ParseTemplate(ParseJson(R"({"name":5,"steps":[],"params":{"pattern":"("}})").value());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().problems.size(), 3u);
  const auto pack = ParseTemplatePack(ParseJson(R"({"templates":[{"name":"a","steps":[{}]},{"name":"b"}]})").value());
  ASSERT_FALSE(pack.ok());
  EXPECT_EQ(pack.error().problems[0].pointer, "/templates/1");
}

}  // namespace
}  // namespace orc
