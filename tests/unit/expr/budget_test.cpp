// What never ends elsewhere ends here, with an error that says why.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "expr/expression.h"
#include "expr/template.h"
#include "expr/value_json.h"

namespace orc {
namespace {

Result<Value> Evaluate(std::string_view source) {
  ORC_ASSIGN_OR_RETURN(const auto expression, Expression::Compile(source));
  ORC_ASSIGN_OR_RETURN(Value value, expression->Evaluate(EmptyScope()));
  return value;
}

std::string Repeated(const std::string& text, int count) {
  std::string made;
  for (int i = 0; i < count; ++i) made += text;
  return made;
}

void ExpectTooLarge(const std::string& source, const std::string& why) {
  const auto value = Evaluate(source);
  ASSERT_FALSE(value.ok()) << source;
  EXPECT_EQ(value.error().code, ErrorCode::kTooLarge) << source << ": " << value.error().message;
  EXPECT_NE(value.error().message.find(why), std::string::npos) << value.error().message;
  EXPECT_TRUE(value.error().problems.at(0).place.has_value());
}

TEST(Budget, NestedLoopsEnd) {
  ExpectTooLarge("lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).map(c, a + b + c)))", "limit");
  ExpectTooLarge("cel.bind(r, lists.range(10000), r.all(a, r.all(b, a + b >= 0)))", "limit of steps");
  ExpectTooLarge("cel.bind(r, lists.range(2000), r.exists(a, r.exists(b, a == -1)))", "limit of steps");
  // What is used up is not absorbed by a true beside it.
  ExpectTooLarge("cel.bind(r, lists.range(10000), r.all(a, r.all(b, a + b >= 0))) || true", "limit of steps");
}

TEST(Budget, TextThatDoublesEnds) {
  std::string source = "'0123456789abcdef'";
  for (int i = 0; i < 30; ++i)
    source = "cel.bind(s" + std::to_string(i) + ", " + source + ", s" + std::to_string(i) + " + s" + std::to_string(i) + ")";
  ExpectTooLarge(source, "limit of bytes");
  ExpectTooLarge("lists.range(1000).map(i, lists.range(1000)).flatten().map(x, [x, x, x, x]).flatten().map(x, [x, x]).flatten()", "limit");
  ExpectTooLarge("lists.range(100000).map(i, 'some text of forty characters, more or less ' + string(i)).join('')", "limit of bytes");
  ExpectTooLarge("'a'.replace('', 'x').split('').map(x, lists.range(200000)).map(l, l.sort())", "limit");
}

TEST(Budget, ExpensiveCallsAreChargedFor) {
  ExpectTooLarge("lists.range(3000).filter(i, i in lists.range(3000))", "limit");
  ExpectTooLarge("lists.range(3000).exists(i, 'abc'.matches(string(i)))", "limit of steps");
  ExpectTooLarge("cel.bind(t, lists.range(50000).map(i, 'abcd').join(''), lists.range(5000).map(i, t.size()).sum())", "limit of steps");
}

TEST(Budget, NestingIsBounded) {
  for (const std::string& source :
       {Repeated("(", 100000) + "1" + Repeated(")", 100000), Repeated("[", 5000), Repeated("{1:", 5000), Repeated("!", 20000) + "true",
        Repeated("-", 20000) + "x", "1" + Repeated(" + 1", 5000), Repeated("true ? ", 3000) + "1", "a" + Repeated(".b", 10000),
        "a" + Repeated("[0]", 5000), Repeated("f(", 5000), "[1]" + Repeated(".map(x, x)", 2000)}) {
    const auto compiled = Expression::Compile(source);
    ASSERT_FALSE(compiled.ok()) << source.substr(0, 20);
    EXPECT_FALSE(compiled.error().message.empty());
  }
  EXPECT_TRUE(Expression::Compile("true" + Repeated(" || false", 3000)).ok());
  EXPECT_TRUE(Expression::Compile(Repeated("[", 100) + Repeated("]", 100)).ok());
}

TEST(Budget, SourcesAreBounded) {
  const auto compiled = Expression::Compile("'" + std::string(40 << 10, 'x') + "'");
  ASSERT_FALSE(compiled.ok());
  EXPECT_EQ(compiled.error().message, "an expression has at most 32768 bytes, found 40962");
}

// Text that a person or a machine got wrong: whatever comes, there is an answer within the budgets.
TEST(Budget, NothingCrashes) {
  std::ifstream in(std::string(ORC_SOURCE_DIR) + "/tests/data/cel/cel-core.json");
  std::ostringstream text;
  text << in.rdbuf();
  std::vector<std::string> sources;
  const Json document = ParseJson(text.str()).value();
  for (const auto& group : document.get_object()) {
    for (const Json& section : group.value().get_array()) {
      for (const Json& one : Find(section, "cases")->get_array()) sources.emplace_back(StringAt(one, "expr"));
    }
  }
  std::mt19937_64 random(20261123);
  const auto pick = [&](size_t count) { return static_cast<size_t>(random() % count); };
  size_t compiled_count = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string source = sources[pick(sources.size())];
    for (size_t change = pick(4); change > 0 && !source.empty(); --change) {
      const size_t at = pick(source.size());
      const std::string& other = sources[pick(sources.size())];
      switch (pick(4)) {
        case 0:
          source[at] = static_cast<char>(random());
          break;
        case 1:
          source.erase(at, 1 + pick(5));
          break;
        case 2:
          source.insert(at, other.substr(pick(other.size() + 1), 10));
          break;
        default:
          source.insert(at, 1, "()[]{}.,:?!'\"\\`+-*/%<>=&|0x"[pick(28)]);
      }
    }
    const auto expression = Expression::Compile(source, {.late_names = true});
    if (!expression.ok()) {
      EXPECT_FALSE(expression.error().message.empty());
      continue;
    }
    ++compiled_count;
    Budget budget;
    const auto value = (*expression)->Evaluate(EmptyScope(), budget);
    if (value.ok()) (void)ToJson(*value, budget);
    (void)Template::Compile(Json("a {{ " + source + " }} b"));
  }
  EXPECT_GT(compiled_count, 2000u);
}

TEST(Budget, ASearchIsLinear) {
  // Quadratic, each of these would take seconds.
  for (const char* call :
       {"s.indexOf(p)", "s.lastIndexOf(p)", "s.contains(p) ? 1 : -1", "size(s.split(p)) - 2", "size(s.replace(p, 'x')) - 100001"}) {
    const auto value = Evaluate("cel.bind(s, lists.range(10000).map(i, 'aaaaaaaaaa').join(''), cel.bind(p, s.substring(0, 50000) + 'b', " +
                                std::string(call) + "))");
    ASSERT_TRUE(value.ok()) << call << ": " << value.error().message;
    EXPECT_EQ(value->get_int(), -1) << call;
  }
}

TEST(Budget, ASearchCountsCharacters) {
  for (const auto& [call, place] : {std::pair("'äöäöä'.indexOf('öä')", 1),
                                    {"'äöäöä'.lastIndexOf('öä')", 3},
                                    {"'äöäöä'.lastIndexOf('öä', 2)", 1},
                                    {"'äöäöä'.indexOf('öä', 2)", 3},
                                    {"'äöäöä'.indexOf('')", 0},
                                    {"'äöäöä'.lastIndexOf('')", 5},
                                    {"'ä'.indexOf('öö')", -1}}) {
    const auto value = Evaluate(call);
    ASSERT_TRUE(value.ok()) << call << ": " << value.error().message;
    EXPECT_EQ(value->get_int(), place) << call;
  }
}

}  // namespace
}  // namespace orc
