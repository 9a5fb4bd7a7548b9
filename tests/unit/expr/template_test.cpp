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
    return Found{Value::Of(*value), 1};
  }

 private:
  Json variables_;
};

const ObjectScope& Variables() {
  static const ObjectScope scope(
      R"({"context":{"a":[1,{"b":"x"}],"n":null,"d":1.0,"key with space":true,"in":2,"brace":"a}}b"},"params":{"x":"{{ context.d }}","n":5}})");
  return scope;
}

bool IsParams(std::string_view name) { return name == "params"; }

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
  EXPECT_EQ(Filled(R"("{{ context..a }}")"), "refused: /input: column 9 of \"context..a\": a name is expected after \".\", found \".\"");
  EXPECT_NE(Filled(R"("{{ context.a[99999999999999999999] }}")").find("out of range"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ for }}")").find("reserved word"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ }}")").find("a value is expected, found the end"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ a b }}")").find("column 3 of \"a b\": an operator or the end is expected, found \"b\""), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context['a }}")").find("refused"), std::string::npos);
}

TEST(Template, ListsEveryFaultWithItsPlace) {
  const auto compiled = Template::Compile(ParseJson(R"({"a":"{{ 1 + }}","b":"text {{ x. }}","c":"{{ siez(1) + trimm('x') }}"})").value());
  ASSERT_FALSE(compiled.ok());
  const auto& problems = compiled.error().problems;
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(problems[0].pointer, "/a");
  EXPECT_EQ(problems[0].place->column, 4);
  EXPECT_EQ(problems[1].place->source, "x.");
  EXPECT_EQ(problems[2].suggestion, "size");
  EXPECT_EQ(problems[3].place->column, 11);
}

TEST(Template, SaysWhatIsMissing) {
  EXPECT_EQ(Filled(R"("{{ context.zz }}")"), "failed: /input: column 1: context: there is no member \"zz\"");
  EXPECT_NE(Filled(R"("{{ context.a[7] }}")").find("context[\"a\"]: the list has 2 elements, none at [7]"), std::string::npos);
  EXPECT_NE(Filled(R"("{{ context.d.x }}")").find("context[\"d\"]: a double has no member \"x\""), std::string::npos);
  EXPECT_NE(Filled(R"("{{ other.x }}")").find("there is no variable \"other\""), std::string::npos);
}

TEST(Template, EvaluatesExpressions) {
  EXPECT_EQ(Filled(R"("{{ context.a[0] + 1 }}")"), "2");
  EXPECT_EQ(Filled(R"("{{ {\"a\": {\"b\": context.d}} }}")"), R"({"a":{"b":1.0}})");
  EXPECT_EQ(Filled(R"("x {{ {'a': {'b': 1}} }}}} y")"), R"("x {\"a\":{\"b\":1}}}} y")");
  EXPECT_EQ(Filled(R"("{{ '}}' + r'\\' }}")"), R"("}}\\")");
  EXPECT_EQ(Filled(R"("{{ bar }}")").substr(0, 6), "failed");
  EXPECT_EQ(Filled(R"("{{ timestamp('2026-11-23T08:00:00Z') }} {{ duration('90s') }} {{ b'hi' }}")"), R"("2026-11-23T08:00:00Z 90s aGk=")");
  EXPECT_EQ(Filled(R"("{{ context.a.map(x, type(x) == int) }}")"), "[true,false]");
  EXPECT_EQ(Filled(R"("{{ 0.0 / 0.0 }}")"), "failed: /input: NaN is no number of JSON");
}

TEST(Template, FillsInOnlyOneVariable) {
  const auto compiled =
      Template::Compile(ParseJson(R"({"n":"{{ params.n }}","k":"{{ steps.a.output }} {{ params.n }}","lit":"{{{{ x"})").value());
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ(PrintJson(compiled->EvaluateKnown(IsParams, Variables()).value()), R"({"n":5,"k":"{{ steps.a.output }} 5","lit":"{{{{ x"})");
}

// What mixes known variables with others keeps its meaning: the known ones become literals.
TEST(Template, PutsLiteralsIntoWhatIsMixed) {
  const ObjectScope scope(R"({"params":{"s":"a\"b{{c","n":5,"l":[1,{"k":null}],"d":1.5,"b":true,"neg":-3},"context":{"x":2}})");
  const auto round = [&](const std::string& text) {
    const auto filled = Template::Compile(Json(text)).value().EvaluateKnown(IsParams, scope);
    if (!filled.ok()) return "failed: " + filled.error().message;
    const auto value = Template::Compile(*filled).value().Evaluate(scope);
    return PrintJson(*filled) + " = " + (value.ok() ? PrintJson(*value) : "failed: " + value.error().message);
  };
  EXPECT_EQ(round("{{ params.n + context.x }}"), R"("{{ (5) + context.x }}" = 7)");
  EXPECT_EQ(round("{{ context.x - params.neg }}"), R"("{{ context.x - (-3) }}" = 5)");
  EXPECT_EQ(round("{{ params.s + string(context.x) }}"), R"("{{ (\"a\\\"b{{c\") + string(context.x) }}" = "a\"b{{c2")");
  EXPECT_EQ(round("{{ params.l.size() + context.x }}"), R"("{{ (2) + context.x }}" = 4)");
  EXPECT_EQ(round("{{ has(params.n) && context.x == 2 && (params).b }}"), R"("{{ (true) && context.x == 2 && (true) }}" = true)");
  EXPECT_EQ(round("{{ [context.x].map(y, double(y) * params.d) }}"), R"("{{ [context.x].map(y, double(y) * (1.5)) }}" = [3.0])");
  EXPECT_EQ(round("{{ params.zz + context.x }}"), "failed: column 1: params: there is no member \"zz\"");
  EXPECT_EQ(round("{{ params.n }} and {{ context.x }}"), R"("5 and {{ context.x }}" = "5 and 2")");
  EXPECT_EQ(round("{{ [params.l, [context.x]] }}"), R"("{{ [([1, {\"k\": null}]), [context.x]] }}" = [[1,{"k":null}],[2]])");
  EXPECT_EQ(round("{{ .params.n + .context.x }}"), R"("{{ (5) + .context.x }}" = 7)");
  EXPECT_EQ(round("{{ context.x // two\n}} {{ params.n }}"), R"("{{ context.x // two\n}} 5" = "2 5")");
}

// Beside a text, be it empty, a value is text.
TEST(Template, AnEmptyTextStillMakesAText) {
  const ObjectScope scope(R"({"params":{"none":""},"context":{"x":2}})");
  const auto filled = Template::Compile(Json("{{ params.none }}{{ context.x }}")).value().EvaluateKnown(IsParams, scope).value();
  EXPECT_EQ(PrintJson(filled), R"("{{ context.x }}{{ \"\" }}")");
  EXPECT_EQ(PrintJson(Template::Compile(filled).value().Evaluate(scope).value()), R"("2")");
}

// Only what follows from the known alone is filled in, and no more of it than the rest needs.
TEST(Template, FillsInNoMoreThanIsNeeded) {
  const ObjectScope scope(R"({"params":{"n":5,"t":true,"long":")" + std::string(100, 'x') + R"("},"context":{"x":2}})");
  const auto left = [&](const std::string& text) {
    const auto filled = Template::Compile(Json(text)).value().EvaluateKnown(IsParams, scope);
    return filled.ok() ? PrintJson(*filled) : "failed: " + filled.error().message;
  };
  EXPECT_EQ(left("{{ context.x + params.?n.orValue(1) + params.?m.orValue(2) }}"), R"("{{ context.x + (5) + (2) }}")");
  EXPECT_EQ(left("{{ has(params.m) ? params.m : context.x }}"), R"("{{ (context.x) }}")");
  EXPECT_EQ(left("{{ has(params.n) ? params.n + context.x : params.m }}"), R"("{{ ((5) + context.x) }}")");
  EXPECT_EQ(left("{{ params.t || context.x > 1 }}"), R"("{{ (true) }}")");
  EXPECT_EQ(left("{{ context.x > 1 && !params.t }}"), R"("{{ (false) }}")");
  EXPECT_EQ(left("{{ cel.bind(k, params.n + 1, k + context.x) }}"), R"("{{ cel.bind(k, (6), k + context.x) }}")");
  EXPECT_EQ(left("{{ context.x + cel.bind(k, params.n, k * k) }}"), R"("{{ context.x + (25) }}")");
  EXPECT_EQ(left("{{ lists.range(params.n).map(i, i + context.x) }}"), R"("{{ ([0, 1, 2, 3, 4]).map(i, i + context.x) }}")");
  EXPECT_EQ(left("{{ lists.range(3).map(i, i * params.n).sum() + context.x }}"), R"("{{ (15) + context.x }}")");
  EXPECT_EQ(left("{{ [optional.of(params.n), optional.of(context.x)] }}"), R"("{{ [optional.of((5)), optional.of(context.x)] }}")");
  EXPECT_EQ(left("{{ context.x > 1 ? params.m : params.n }}"), R"("{{ context.x > 1 ? params.m : (5) }}")");  // who asks may never need it
  EXPECT_EQ(left("{{ context.x + params.m }}"), "failed: column 13: params: there is no member \"m\" (did you mean \"n\"?)");
  EXPECT_EQ(left("{{ context.x + size(params.long) }}"), R"("{{ context.x + (100) }}")");
}

// A parameter's value is data: braces in it must not become an expression of the workflow.
TEST(Template, WhatIsPutInIsNoExpression) {
  const auto compiled = Template::Compile(ParseJson(R"("{{ params.x }}")").value());
  const Json filled = compiled->EvaluateKnown(IsParams, Variables()).value();
  const auto again = Template::Compile(filled);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(PrintJson(again->Evaluate(Variables()).value()), R"("{{ context.d }}")");
}

// Two values that meet, or one that meets the text around it, must not make an expression either.
TEST(Template, WhatMeetsIsNoExpression) {
  const ObjectScope scope(R"({"params":{"open":"{","rest":"{ context.d }}","two":"{{"},"context":{"d":1}})");
  const auto stays = [&](const std::string& text) {
    const auto filled = Template::Compile(Json(text)).value().EvaluateKnown(IsParams, scope);
    if (!filled.ok()) return "refused: " + filled.error().message;
    const auto again = Template::Compile(*filled);
    return again.ok() ? PrintJson(again->Evaluate(scope).value()) : "broken: " + again.error().message;
  };
  EXPECT_EQ(stays("{{ params.open }}{{ params.rest }}"), R"("{{ context.d }}")");
  EXPECT_EQ(stays("{{ params.open }}{{ params.open }}"), R"("{{")");
  EXPECT_EQ(stays("{{ params.open }}{{ params.two }}"), R"("{{{")");
  EXPECT_EQ(stays("{{ params.two }}{{ context.d }}"), R"("{{1")");
  EXPECT_EQ(stays("{{ params.open }} {{ context.d }}"), R"("{ 1")");
  EXPECT_EQ(stays("{{ params.open }}{{ context.d }}"), R"("{1")");
  EXPECT_EQ(stays("{{ params.two }}{{ params.open }}{{ context.d }}{{ params.open }}{{ params.open }}"), R"("{{{1{{")");
  EXPECT_EQ(stays("{{ context.d }}{{ params.two }} context.d }}"), R"("1{{ context.d }}")");
}

TEST(Template, PutsInNoMoreThanItsLimit) {
  const ObjectScope scope(R"({"context":{"v":")" + std::string(1u << 20, 'x') + R"("}})");
  std::string text = "[";
  for (int i = 0; i < 8; ++i) text += std::string(i == 0 ? "" : ",") + R"("{{ context.v }}")";
  EXPECT_TRUE(Template::Compile(ParseJson(text + "]").value())->Evaluate(scope).ok());
  const auto over = Template::Compile(ParseJson(text + R"(,"{{ context.v }}"])").value())->Evaluate(scope);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "the filled-in values are over the limit of 8388608 bytes or 2000000 steps");
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
