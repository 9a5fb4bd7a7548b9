// Every line of docs/expressions.md that shows an expression and its value.
#include <gtest/gtest.h>

#include <fstream>

#include "expr/expression.h"
#include "expr/functions.h"
#include "expr/value_json.h"

namespace orc {
namespace {

class DocumentScope final : public Scope {
 public:
  explicit DocumentScope(const std::string& text) : variables_(ParseJson(text).value()) {}
  Result<Found> Find(std::span<const PathPart> path) const override {
    const Json* value = orc::Find(variables_, std::get<std::string>(path.front()));
    if (value == nullptr) return Error{ErrorCode::kInvalid, "there is no such variable"};
    return Found{Value::Of(*value), 1};
  }

 private:
  Json variables_;
};

struct Page {
  std::string variables;
  std::vector<std::pair<std::string, std::string>> examples;
  std::string text;
};

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

Page ReadPage() {
  const std::string arrow = " → ";
  Page page;
  std::ifstream in(std::string(ORC_SOURCE_DIR) + "/docs/expressions.md");
  std::string block;
  for (std::string line; std::getline(in, line);) {
    page.text += line + "\n";
    if (line.starts_with("```")) {
      block = block.empty() ? line.substr(3) : "";
    } else if (block == "json") {
      page.variables += line;
    } else if (block == "cel") {
      const size_t at = line.rfind(arrow);
      EXPECT_NE(at, std::string::npos) << line;
      if (at != std::string::npos) page.examples.emplace_back(Trimmed(line.substr(0, at)), Trimmed(line.substr(at + arrow.size())));
    }
  }
  return page;
}

TEST(ExpressionDocs, EveryExampleIsTrue) {
  const Page page = ReadPage();
  const DocumentScope scope(page.variables);
  EXPECT_GT(page.examples.size(), 100u);
  for (const auto& [source, wanted] : page.examples) {
    const auto expression = Expression::Compile(source);
    ASSERT_TRUE(expression.ok()) << source << ": " << expression.error().message;
    Budget budget;
    const auto value = (*expression)->Evaluate(scope, budget);
    ASSERT_TRUE(value.ok()) << source << ": " << value.error().message;
    const auto json = ToJson(*value, budget);
    ASSERT_TRUE(json.ok()) << source << ": " << json.error().message;
    EXPECT_EQ(PrintJson(*json), wanted) << source;
  }
}

TEST(ExpressionDocs, NameEveryFunction) {
  const std::string text = ReadPage().text;
  for (const bool is_member : {false, true}) {
    for (const std::string& name : FunctionNames(is_member)) {
      EXPECT_NE(text.find(name + "("), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace orc
