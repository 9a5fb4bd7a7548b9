#include "expr/expression.h"

#include <gtest/gtest.h>

#include "expr/value_json.h"

namespace orc {
namespace {

/// The variables of one JSON object; counts what is asked for.
class CountingScope final : public Scope {
 public:
  explicit CountingScope(std::string_view text) : variables_(ParseJson(text).value()) {}
  Result<Found> Find(std::span<const PathPart> path) const override {
    paths.emplace_back(path.begin(), path.end());
    const auto& name = std::get<std::string>(path[0]);
    const Json* value = orc::Find(variables_, name);
    if (value == nullptr) return Error{ErrorCode::kInvalid, "there is no variable \"" + name + "\""};
    return Found{Value::Of(*value), 1};
  }
  const Json& At(std::string_view name) const { return *orc::Find(variables_, name); }

  mutable std::vector<std::vector<PathPart>> paths;

 private:
  Json variables_;
};

std::string Shown(std::string_view source, const Scope& scope = EmptyScope()) {
  const auto expression = Expression::Compile(source);
  if (!expression.ok()) return "refused: " + expression.error().message;
  Budget budget;
  const auto value = (*expression)->Evaluate(scope, budget);
  if (!value.ok()) return "failed: " + value.error().message;
  const auto json = ToJson(*value, budget);
  return json.ok() ? PrintJson(*json) : "failed: " + json.error().message;
}

TEST(Expression, NamesThePlaceOfAFault) {
  const auto refused = Expression::Compile("size(x) +\n  fooo(1) + 'ä'.trimm()");
  ASSERT_FALSE(refused.ok());
  ASSERT_EQ(refused.error().problems.size(), 2u);
  EXPECT_EQ(refused.error().problems[0].place->line, 2);
  EXPECT_EQ(refused.error().problems[0].place->column, 3);
  EXPECT_EQ(refused.error().problems[1].place->column, 17);
  EXPECT_EQ(refused.error().problems[1].suggestion, "trim");
  EXPECT_EQ(refused.error().message, "line 2, column 3: there is no function fooo()");
}

TEST(Expression, SaysWhyEvaluationFailed) {
  EXPECT_EQ(Shown("1 + 2 / 0"), "failed: column 7: division by zero");
  EXPECT_EQ(Shown("'n: ' + 5"), "failed: column 7: no such overload: string + int; convert the other one: string(…)");
  EXPECT_EQ(Shown("1 + 1.5"), "failed: column 3: no such overload: int + double; convert one of them: int(…)");
  EXPECT_EQ(Shown("{'name': 1}.nme"), "failed: column 12: there is no member \"nme\" (did you mean \"name\"?)");
  EXPECT_EQ(Shown("[1, 2][5]"), "failed: column 7: the list has 2 elements, none at [5]");
  EXPECT_EQ(Shown("9223372036854775807 + 1"), "failed: column 21: the result is out of range");
  EXPECT_EQ(Shown("int('x1')"), "failed: column 1: \"x1\" is no int");
  EXPECT_EQ(Shown("timestamp('2026-02-30T00:00:00Z')").substr(0, 8), "failed: ");
  EXPECT_EQ(Shown("'a'.matches('(')"), "refused: column 13: the pattern cannot be read: missing ): (");
  EXPECT_EQ(Shown("[1].map(1, 2)"), "refused: column 9: map() takes a name first, such as map(x, …)");
  EXPECT_EQ(Shown("[1].map(x)"), "refused: column 9: map() takes a name first, such as map(x, …)");
  EXPECT_EQ(Shown("[1].transformMap(x, 1)"), "refused: column 18: transformMap() takes two names first, such as transformMap(k, v, …)");
  EXPECT_EQ(Shown("size()"), "refused: column 1: size() does not take 0 arguments");
  EXPECT_EQ(Shown("has(1)"), "refused: column 1: has() takes one member, such as has(context.name)");
  EXPECT_EQ(Shown("1 +"), "refused: column 4: a value is expected, found the end");
  EXPECT_EQ(Shown("'abc"), "refused: column 1: the string has no closing '");
  EXPECT_EQ(Shown("\"\xff\""), "refused: column 2: the bytes are no UTF-8");
}

TEST(Expression, AsksForNoMoreThanIsNamed) {
  const CountingScope scope(R"({"steps":{"call it":{"output":{"a":[10,{"b":"x"}]}}},"i":1})");
  EXPECT_EQ(Shown("steps['call it'].output.a[0] + steps['call it'].output.a[i - 1]", scope), "20");
  ASSERT_EQ(scope.paths.size(), 3u);
  EXPECT_EQ(scope.paths[0].size(), 5u);  // up to [0]
  EXPECT_EQ(scope.paths[1].size(), 4u);  // up to a: the index is no constant
  EXPECT_EQ(scope.paths[2].size(), 1u);
}

TEST(Expression, BorrowsWhatItSelects) {
  const CountingScope scope(R"({"big":{"list":[1,2,3],"text":"abc"}})");
  const auto list = Expression::Compile("big.list").value()->Evaluate(scope).value();
  EXPECT_EQ(list.json(), &scope.At("big").as_object().at("list"));
  const auto text = Expression::Compile("big['text']").value()->Evaluate(scope).value();
  EXPECT_EQ(text.get_text().data(), scope.At("big").as_object().at("text").as_string().data());
  const auto filtered = Expression::Compile("[big].filter(b, size(b.list) == 3)[0].list").value()->Evaluate(scope).value();
  EXPECT_EQ(filtered.json(), list.json());
}

TEST(Expression, HasLooksThroughTheScope) {
  const CountingScope scope(R"({"context":{"a":{"b":null}}})");
  EXPECT_EQ(Shown("has(context.a.b)", scope), "true");
  EXPECT_EQ(Shown("has(context.a.c)", scope), "false");
  EXPECT_EQ(Shown("has(context.missing.c)", scope), "failed: column 1: context: there is no member \"missing\"");
  EXPECT_EQ(Shown("has(other.x)", scope), "failed: column 1: there is no variable \"other\"");
  EXPECT_EQ(Shown("context.?x.?c.orValue('none')", scope), "\"none\"");
}

TEST(Expression, MacroVariablesHideOthers) {
  const CountingScope scope(R"({"x":100,"items":[{"id":1},{"id":2}]})");
  EXPECT_EQ(Shown("[1, 2].map(x, x) + [x]", scope), "[1,2,100]");
  EXPECT_EQ(Shown("items.map(i, {'id': i.id, 'n': items.size()})", scope), R"([{"id":1,"n":2},{"id":2,"n":2}])");
  EXPECT_EQ(Shown("[1, 2].map(x, [10, 20].map(y, x + y))", scope), "[[11,21],[12,22]]");
}

TEST(Expression, KnowsThisProjectsOwnFunctions) {
  EXPECT_EQ(Shown("json.decode('{\"a\":[1,2.5]}').a[1]"), "2.5");
  EXPECT_EQ(Shown("json.encode({'a': [1, 'x', null]})"), R"("{\"a\":[1,\"x\",null]}")");
  EXPECT_EQ(Shown("json.decode('{')").substr(0, 7), "failed:");
  EXPECT_EQ(Shown("[1, 2, 3].sum() + [].sum()"), "6");
  EXPECT_EQ(Shown("[1.5, 2.5].sum()"), "4.0");
  EXPECT_EQ(Shown("[1, 2.5].sum()"), "failed: column 10: sum() takes numbers of one kind, found a double at [1]");
  EXPECT_EQ(Shown("[9223372036854775807, 1].sum()"), "failed: column 26: the sum is out of range");
  EXPECT_EQ(Shown("uri.encode('a b/ü?')"), R"("a%20b%2F%C3%BC%3F")");
}

TEST(Expression, KnowsListsAndPatterns) {
  EXPECT_EQ(Shown("lists.range(4).slice(1, 3)"), "[1,2]");
  EXPECT_EQ(Shown("[[1], [2, [3]]].flatten()"), "[1,2,[3]]");
  EXPECT_EQ(Shown("[[1], [2, [3]]].flatten(2)"), "[1,2,3]");
  EXPECT_EQ(Shown("[3, 1, 2, 1].distinct().sort()"), "[1,2,3]");
  EXPECT_EQ(Shown("[1, 1.0, 1u, '1'].distinct()"), R"([1,"1"])");
  EXPECT_EQ(Shown("[{'n': 'b', 'v': 1}, {'n': 'a', 'v': 2}].sortBy(x, x.n).map(x, x.v)"), "[2,1]");
  EXPECT_EQ(Shown("[1, 'a'].sort()"), "failed: column 10: the elements have no order: an int and a string");
  EXPECT_EQ(Shown("[[1, 2].first().value(), [1, 2].last().value()]"), "[1,2]");
  EXPECT_EQ(Shown("regex.replace('2026-11-23', r'(\\d+)-(\\d+)', r'\\2/\\1')"), R"("11/2026-23")");
  EXPECT_EQ(Shown("regex.extract('id=42;', r'id=(\\d+)').orValue('')"), R"("42")");
  EXPECT_EQ(Shown("regex.extractAll('a1b22', r'\\d+')"), R"(["1","22"])");
  EXPECT_EQ(Shown("regex.replace('äö', '', '-')"), R"("-ä-ö-")");
}

TEST(Expression, WritesValuesAsJson) {
  EXPECT_EQ(Shown("[1u, b'\\x00\\xff', duration('1500ms'), timestamp('2026-11-23T08:00:00.25Z'), type(1), {1: 'a', true: 'b'}]"),
            R"([1,"AP8=","1.5s","2026-11-23T08:00:00.25Z","int",{"1":"a","true":"b"}])");
  EXPECT_EQ(Shown("{1: 'a', '1': 'b'}"), "failed: two keys of the map are spelt \"1\" in JSON");
  EXPECT_EQ(Shown("optional.of(1)").substr(0, 7), "failed:");
  EXPECT_EQ(Shown("1.0 / 0.0"), "failed: Infinity is no number of JSON");
  EXPECT_EQ(Shown("18446744073709551615u"), "18446744073709551615");
}

}  // namespace
}  // namespace orc
