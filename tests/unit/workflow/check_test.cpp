#include "workflow/check.h"

#include <gtest/gtest.h>

#include <random>

#include "unit/workflow/test_catalog.h"
#include "workflow/definition.h"

namespace orc {
namespace {

const FolderCatalog& Catalog() {
  static const FolderCatalog catalog;
  return catalog;
}

const DefinitionChecker& Checker(bool strict = false) {
  const auto open = [](bool is_strict) {
    return DefinitionChecker::Open({.schema_dir = ORC_SOURCE_DIR "/schema", .workflow_schema_file = "", .strict = is_strict}, Catalog())
        .value();
  };
  static const std::unique_ptr<DefinitionChecker> lenient = open(false);
  static const std::unique_ptr<DefinitionChecker> severe = open(true);
  return strict ? *severe : *lenient;
}

std::string Text(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.pointer + ": " + problem.detail + "\n";
  return text;
}

std::string Errors(std::string_view document, bool strict = false) {
  return Text(Checker(strict).Check(ParseJson(document).value()).errors);
}
std::string Warnings(std::string_view document) { return Text(Checker().Check(ParseJson(document).value()).warnings); }

/// A workflow of one step.
std::string One(const std::string& step) { return R"({"name":"w","steps":[)" + step + "]}"; }

constexpr std::string_view kSeed = R"({"name":"demo","description":"Simple demo workflow","steps":[{"name":"call ai-router","action":"http",
  "input":{"method":"POST","url":"http://ai-router:8080/v1/chat/completions","headers":{"Content-Type":"application/json"},
  "body":{"model":"llama2","project_id":"default","messages":[{"role":"user","content":"hello"}]}}}]})";

TEST(Check, TakesTheSeedsWorkflowWithoutARemark) {
  EXPECT_EQ(Errors(kSeed, true), "");
  EXPECT_EQ(Warnings(kSeed), "");
}

TEST(Check, FindsEveryProblemAtOnce) {
  const std::string errors = Errors(
      R"({"steps":[{"name":"a","action":"htpp"},{"name":"b","action":"http","input":{"url":"ftp://x"},"retry":{"max":-1}},{"action":5}]})");
  for (const char* expected :
       {": the required field \"name\" is missing", "/steps/0/action: there is no action \"htpp\" (did you mean \"http\"?)",
        "/steps/1/input/url: must be an http:// or https:// URL", "/steps/1/retry/max:", "/steps/2: the required field \"name\" is missing",
        "/steps/2/action: must be of type string, found the number 5"}) {
    EXPECT_NE(errors.find(expected), std::string::npos) << expected << "\nin\n" << errors;
  }
}

TEST(Check, WarnsOfUnknownFieldsAndRefusesThemWhenStrict) {
  const std::string document = One(R"({"name":"a","action":"http","inptu":{},"input":{"url":"http://h/"},"retry":{"maxx":1}})");
  EXPECT_EQ(Errors(document), "");
  EXPECT_EQ(Warnings(document),
            "/steps/0/inptu: \"inptu\" is no field of a step and is ignored (did you mean \"input\"?)\n"
            "/steps/0/retry/maxx: \"maxx\" is no field of retry and is ignored (did you mean \"max\"?)\n");
  EXPECT_NE(Errors(document, true).find("/steps/0/inptu: \"inptu\" is no field of a step"), std::string::npos);
}

TEST(Check, LooksAtLimitsRetentionAndFailure) {
  const auto errors = [](const std::string& more) {
    return Errors(R"({"name":"w",)" + more + R"(,"steps":[{"name":"a","action":"transform","input":{"set":{}}}]})");
  };
  EXPECT_EQ(
      errors(
          R"("limit":3,"concurrency_key":"context.tenant","on_limit":"reject","on_failure":"other","retention":{"default":"7d","failed":"forever"})"),
      "");
  EXPECT_NE(errors(R"("on_limit":"reject")").find("/on_limit: says what becomes of runs beyond a limit"), std::string::npos);
  EXPECT_NE(errors(R"("limit":0)").find("/limit: "), std::string::npos);
  EXPECT_NE(errors(R"("concurrency_key":"steps.a.output")").find("/concurrency_key: \"steps.a.output\": no step has run yet"),
            std::string::npos);
  EXPECT_NE(errors(R"("concurrency_key":"contxt.a")").find("did you mean \"context\"?"), std::string::npos);
  EXPECT_NE(errors(R"("retention":{"failed":"7 days"})").find("/retention/failed: "), std::string::npos);
  EXPECT_NE(errors(R"("on_failure":5)").find("/on_failure: "), std::string::npos);
}

TEST(Check, LooksWhereASkipLeads) {
  const auto errors = [](const std::string& target, const std::string& more = "") {
    return Errors(R"({"name":"w","steps":[{"name":"a","action":"transform","input":{"set":{}}},{"name":"c","action":"condition")" + more +
                  R"(,"input":{"if":"false","on_false":"skip_to:)" + target +
                  R"("}},{"name":"zzz","action":"transform","input":{"set":{}}}]})");
  };
  EXPECT_EQ(errors("zzz"), "");
  EXPECT_NE(errors("a").find("/steps/1/input/on_false: step \"a\" does not come later; a skip_to leads forward only"), std::string::npos);
  EXPECT_NE(errors("zz").find("there is no step \"zz\" (did you mean \"zzz\"?)"), std::string::npos);
  EXPECT_NE(errors("zzz", R"(,"needs":[])").find("the steps of this workflow form a graph"), std::string::npos);
  EXPECT_NE(errors("zzz", R"(,"for_each":"[1]")").find("only in a step without for_each"), std::string::npos);
}

TEST(Check, HoldsInputsAgainstTheActionsOwnSchema) {
  EXPECT_NE(Errors(One(R"({"name":"a","action":"http","input":{}})")).find("/steps/0/input: the required field \"url\" is missing"),
            std::string::npos);
  EXPECT_NE(Errors(One(R"({"name":"a","action":"http"})")).find("/steps/0/input: the required field \"url\" is missing"),
            std::string::npos);
  EXPECT_NE(Errors(One(R"({"name":"a","action":"transform","input":{"set":5}})")).find("/steps/0/input/set: must be of type object"),
            std::string::npos);
  EXPECT_NE(Errors(One(R"({"name":"a","action":"condition","input":{"key":"a","on_false":"halt"}})")).find("/steps/0/input/on_false: "),
            std::string::npos);
  EXPECT_EQ(Errors(One(R"({"name":"a","action":"http","input":{"url":"{{ context.url }}","timeout_ms":"{{ context.t }}"}})")), "");
}

TEST(Check, RefusesUrlsWithoutHostOrWithSpaces) {
  for (const char* url : {"http://", "http:///x", "http://user@/x", "http://:80/", "http://a b/", "//host/x", "javascript:alert(1)", ""}) {
    const Json document =
        JsonObject{{"name", "w"}, {"steps", JsonArray{JsonObject{{"name", "a"}, {"action", "http"}, {"input", JsonObject{{"url", url}}}}}}};
    EXPECT_NE(Text(Checker().Check(document).errors).find("/steps/0/input/url"), std::string::npos) << url;
  }
}

TEST(Check, RefusesIdsAndKeysGivenTwice) {
  const std::string errors = Errors(
      R"({"name":"w","steps":[{"id":"s","name":"a","action":"transform","input":{"set":{}}},{"id":"s","name":"a","action":"transform","input":{"set":{}}}]})");
  EXPECT_EQ(errors, "/steps/1/id: \"s\" is already the id of step 0; it must be unique\n");
}

std::string Using(const std::string& expression) {
  const std::string quoted = PrintJson(Json(boost::json::string("{{ " + expression + " }}")));
  return Errors(
      R"({"name":"w","steps":[{"name":"first one","action":"transform","input":{"set":{}}},{"name":"twin","action":"transform","input":{"set":{}}},
    {"name":"twin","action":"transform","input":{"set":{}}},{"name":"user","action":"transform","input":{"set":{"x":)" +
      quoted + "}}},{\"name\":\"late\",\"action\":\"transform\",\"input\":{\"set\":{}}}]}");
}

TEST(Check, KnowsWhatExpressionsMayName) {
  for (const char* good : {"context", "context.anything[3]", "run.id", "steps.first_one.output", "steps[\"first one\"].output.a",
                           "steps.twin_2.status", "steps.first_one.error.code"}) {
    EXPECT_EQ(Using(good), "") << good;
  }
  const auto has = [](const std::string& expression, const std::string& expected) {
    EXPECT_NE(Using(expression).find("/steps/3/input/set/x: "), std::string::npos) << expression;
    EXPECT_NE(Using(expression).find(expected), std::string::npos) << expression << ": " << Using(expression);
  };
  has("contxt.a", "there is no variable \"contxt\" (did you mean \"context\"?)");
  has("params.a", "params exist only in templates");
  has("steps.frist_one.output", "there is no step \"frist_one\" (did you mean \"first_one\"?)");
  has("steps[\"twin\"].output", "several steps are called \"twin\"");
  has("steps.twin.output", "refer to one by its id or key");
  has("steps.late.output", "comes later");
  has("steps.user.output", "is this one");
  has("steps.first_one.outptu", "a step has no field \"outptu\" (did you mean \"output\"?)");
  has("steps.first_one", "a field of a step is expected");
  has("steps", "which step is meant?");
  has("run.x", "run has no field \"x\"");
  has("context..x", "column 9");
}

TEST(Check, LeavesBracesAloneWhenExpressionsAreOff) {
  EXPECT_EQ(
      Errors(R"({"name":"w","expressions":false,"steps":[{"name":"a","action":"transform","input":{"set":{"x":"{{ what {{ ever"}}}]})"),
      "");
}

// Whatever shape the document has, the check answers; it neither throws nor crashes.
TEST(Check, SurvivesAnyDocument) {
  std::mt19937_64 random(20261123);
  const Json seed = ParseJson(kSeed).value();
  const std::vector<Json> odd = {
      nullptr, 5, "x{{", JsonArray{}, JsonObject{}, true, -1.5, JsonArray{nullptr}, JsonObject{{"$ref", "#"}}, "{{ steps.a.output }}"};
  const std::function<Json(const Json&)> mutate = [&](const Json& value) -> Json {
    if (random() % 12 == 0) return odd[random() % odd.size()];
    if (value.is_array()) {
      JsonArray copy;
      for (const Json& element : value.get_array()) copy.push_back(mutate(element));
      if (random() % 5 == 0) copy.push_back(odd[random() % odd.size()]);
      return copy;
    }
    if (!value.is_object()) return value;
    JsonObject copy;
    for (const auto& member : value.get_object()) {
      if (random() % 10 != 0) copy[member.key()] = mutate(member.value());
    }
    return copy;
  };
  for (int i = 0; i < 2'000; ++i) {
    const Json document = mutate(seed);
    const CheckReport report = Checker().Check(document);
    if (!report.errors.empty()) continue;
    ManualClock clock;
    IdSource ids(clock, 1);
    EXPECT_TRUE(ParseDefinition(NormaliseDefinition(document, ids)).ok()) << PrintJson(document);
  }
}

TEST(Check, SaysWhichSchemaCantBeUsed) {
  const auto missing = DefinitionChecker::Open({.schema_dir = "/nonexistent", .workflow_schema_file = "", .strict = false}, Catalog());
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("/nonexistent/workflow.schema.json"), std::string::npos);
}

}  // namespace
}  // namespace orc
