#include "expr/template.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

/// The variables of one JSON object.
class ObjectScope final : public Scope {
 public:
  explicit ObjectScope(std::string_view text) : variables_(ParseJson(text).value()) {}
  Result<Found> Find(std::span<const PathPart> path) const override {
    const auto& name = std::get<std::string>(path[0]);
    const Json* value = orc::Find(variables_, name);
    if (value == nullptr) return Error{ErrorCode::kInvalid, "there is no variable \"" + name + "\""};
    return Found{value, 1};
  }

 private:
  Json variables_;
};

const ObjectScope& Variables() {
  static const ObjectScope scope(
      R"({"context":{"a":[1,{"b":"x"}],"n":null,"d":1.0,"key with space":true,"in":2,"brace":"a}}b"},"params":{"x":"{{ context.d }}","n":5}})");
  return scope;
}

std::string Filled(std::string_view document) {
  const auto compiled = Template::Compile(ParseJson(document).value(), "/input");
  if (!compiled.ok()) return "refused: " + compiled.error().problems[0].pointer + ": " + compiled.error().message;
  const auto filled = compiled->Evaluate(Variables());
  return filled.ok() ? PrintJson(*filled) : "failed: " + filled.error().problems[0].pointer + ": " + filled.error().message;
}

TEST(Template, KeepsTheTypeWhenWhole) {
  EXPECT_EQ(Filled(R"("{{ context.a }}")"), R"([1,{"b":"x"}])");
  EXPECT_EQ(Filled(R"("{{context.d}}")"), "1.0");
  EXPECT_EQ(Filled(R"("{{ context.n }}")"), "null");
  EXPECT_EQ(Filled(R"({"deep":["{{ context.a[1].b }}"]})"), R"({"deep":["x"]})");
}

TEST(Template, WritesTextWhenMixed) {
  EXPECT_EQ(Filled(R"("a={{ context.a }} n={{ context.n }} b={{ context.a[1].b }}")"), R"("a=[1,{\"b\":\"x\"}] n=null b=x")");
  EXPECT_EQ(Filled(R"(" {{ context.d }}")"), R"(" 1.0")");
}

TEST(Template, ReadsQuotedNamesAndReservedFields) {
  EXPECT_EQ(Filled(R"("{{ context[\"key with space\"] }}")"), "true");
  EXPECT_EQ(Filled(R"("{{ context['brace'] }}")"), R"("a}}b")");
  EXPECT_EQ(Filled(R"("{{ context.in }}")"), "2");
}

TEST(Template, WritesALiteralBrace) {
  EXPECT_EQ(Filled(R"("{{{{ context.a }}")"), R"("{{ context.a }}")");
  EXPECT_EQ(Filled(R"("{{{{{{ context.d }}")"), R"("{{1.0")");
  EXPECT_EQ(Filled(R"("no } or }} matters")"), R"("no } or }} matters")");
}

TEST(Template, RefusesWhatItCantRead) {
  EXPECT_NE(Filled(R"({"a":["x {{ context.a"]})").find("refused: /input/a/0: \"{{\" at column 3 has no \"}}\""), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context..a }}")").find("column 9"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context.a[-1] }}")").find("an index is not negative"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context.a[99999999999999999999] }}")").find("the index is too large"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ true }}")").find("reserved word"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ }}")").find("a name is expected"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ a + b }}")").find("\".\" or \"[\" is expected, found \"+\""), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context['a }}")").find("refused"), std::string::npos);
}

TEST(Template, ListsEveryFault) {
  const auto compiled = Template::Compile(ParseJson(R"({"a":"{{ 1 }}","b":"{{ x. }}"})").value());
  ASSERT_FALSE(compiled.ok());
  EXPECT_EQ(compiled.error().problems.size(), 2u);
}

TEST(Template, SaysWhatIsMissing) {
  EXPECT_EQ(Filled(R"("{{ context.zz }}")"), "failed: /input: \"context.zz\": context has no \"zz\"");
  EXPECT_NE(Filled(R"("{{ context.a[7] }}")").find("has 2 elements, none at [7]"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context.d.x }}")").find("is the number 1.0, not an object"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ other.x }}")").find("there is no variable \"other\""), std::string::npos);
}

TEST(Template, FillsInOnlyOneVariable) {
  const auto compiled =
      Template::Compile(ParseJson(R"({"n":"{{ params.n }}","k":"{{ steps.a.output }} {{ params.n }}","lit":"{{{{ x"})").value());
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ(PrintJson(compiled->EvaluateOnly("params", Variables()).value()), R"({"n":5,"k":"{{ steps.a.output }} 5","lit":"{{{{ x"})");
}

// A parameter's value is data: braces in it must not become an expression of the workflow.
TEST(Template, WhatIsPutInIsNoExpression) {
  const auto compiled = Template::Compile(ParseJson(R"("{{ params.x }}")").value());
  const Json filled = compiled->EvaluateOnly("params", Variables()).value();
  const auto again = Template::Compile(filled);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(PrintJson(again->Evaluate(Variables()).value()), R"("{{ context.d }}")");
}

// Two values that meet, or one that meets the text around it, must not make an expression either.
TEST(Template, WhatMeetsIsNoExpression) {
  const ObjectScope scope(R"({"params":{"open":"{","rest":"{ context.d }}","two":"{{"},"context":{"d":1}})");
  const auto stays = [&](const std::string& text) {
    const auto filled = Template::Compile(Json(text)).value().EvaluateOnly("params", scope);
    if (!filled.ok()) return "refused: " + filled.error().message;
    const auto again = Template::Compile(*filled);
    return again.ok() ? PrintJson(again->Evaluate(scope).value()) : "broken: " + again.error().message;
  };
  EXPECT_EQ(stays("{{ params.open }}{{ params.rest }}"), R"("{{ context.d }}")");
  EXPECT_EQ(stays("{{ params.open }}{{ params.open }}"), R"("{{")");
  EXPECT_EQ(stays("{{ params.open }}{{ params.two }}"), R"("{{{")");
  EXPECT_EQ(stays("{{ params.two }}{{ context.d }}"), R"("{{1")");
  EXPECT_EQ(stays("{{ params.open }} {{ context.d }}"), R"("{ 1")");
  EXPECT_EQ(stays("{{ params.open }}{{ context.d }}"), R"(refused: a text that ends with "{" can't be put right before {{ context.d }})");
}

TEST(Template, PutsInNoMoreThanItsLimit) {
  const ObjectScope scope(R"({"context":{"v":")" + std::string(1u << 20, 'x') + R"("}})");
  std::string text = "[";
  for (int i = 0; i < 8; ++i) text += std::string(i == 0 ? "" : ",") + R"("{{ context.v }}")";
  EXPECT_TRUE(Template::Compile(ParseJson(text + "]").value())->Evaluate(scope).ok());
  const auto over = Template::Compile(ParseJson(text + R"(,"{{ context.v }}"])").value())->Evaluate(scope);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "the filled-in values are over the limit of 8388608 bytes");
  EXPECT_EQ(over.error().problems.at(0).pointer, "/8");
}

TEST(Template, KnowsWhatIsTemplated) {
  EXPECT_TRUE(IsTemplated(Json("a {{ b }}")));
  EXPECT_FALSE(IsTemplated(Json("a {{{{ b")));
  EXPECT_TRUE(IsTemplated(Json("{{{{ {{ b }}")));
  EXPECT_FALSE(IsTemplated(Json(5)));
}

}  // namespace
}  // namespace orc
