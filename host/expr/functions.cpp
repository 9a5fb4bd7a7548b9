#include "expr/functions.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace orc {
namespace {

using Table = std::unordered_map<std::string_view, const Function*>;

template <typename Visit>
void ForEachFunction(const Visit& visit) {
  for (const auto& family : {ConversionFunctions(), OperatorFunctions(), StringFunctions(), FormatFunctions(), ListFunctions(),
                             MathFunctions(), TimeFunctions(), EncodingFunctions(), RegexFunctions(), OptionalFunctions()}) {
    for (const Function& function : family) visit(function);
  }
}

bool HasForm(const Function& function, bool is_member) {
  return function.form == Function::Form::kBoth || (function.form == Function::Form::kMember) == is_member;
}

Table TableOf(bool is_member) {
  Table table;
  ForEachFunction([&](const Function& function) {
    if (HasForm(function, is_member)) table.emplace(function.name, &function);
  });
  return table;
}

std::string ShownCall(const Call& call) {
  const std::string_view name = call.node.function->name;
  std::string types;
  for (size_t i = 0; i < call.count(); ++i) {
    types += i == 0 ? "" : name.starts_with('_') ? " " + std::string(name.substr(1, name.rfind('_') - 1)) + " " : ", ";
    types += call[i].type_name();
  }
  if (name.starts_with('_')) return types;
  if (name == "-_") return "-" + types;
  return std::string(name) + "(" + types + ")";
}

bool AreNumbers(const Call& call) { return call.count() == 2 && call[0].is_number() && call[1].is_number(); }

}  // namespace

const Function* FindFunction(std::string_view name, bool is_member) {
  static const Table kGlobals = TableOf(false);
  static const Table kMembers = TableOf(true);
  const Table& table = is_member ? kMembers : kGlobals;
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

std::vector<std::string> FunctionNames(bool is_member) {
  std::vector<std::string> names;
  ForEachFunction([&](const Function& function) {
    const bool is_operator = function.name.find('_') != std::string_view::npos;
    if (!is_operator && HasForm(function, is_member)) names.emplace_back(function.name);
  });
  return names;
}

std::string KindName(const Value& value) {
  const std::string_view name = value.type_name();
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos && !name.starts_with("u");
  return (vowel ? "an " : "a ") + std::string(name);
}

Value Call::NoOverload() const {
  std::string cause = "no such overload: " + ShownCall(*this);
  const bool is_operator = node.function->name.starts_with('_');
  if (is_operator && AreNumbers(*this)) {
    cause += "; convert one of them: " + std::string(arguments[0].type_name()) + "(…)";
  } else if (node.function->name == "_+_" && (arguments[0].is(Value::Kind::kString) != arguments[1].is(Value::Kind::kString))) {
    cause += "; convert the other one: string(…)";
  }
  return Fail(std::move(cause));
}

Value Call::Exhausted() const {
  return Value::Fault({budget.is_out_of_bytes() ? "the expression makes more than it may: its limit of bytes is reached"
                                                : "the expression takes too long: its limit of steps is reached",
                       node.offset, ErrorCode::kTooLarge, true});
}

Value Call::Elements(std::vector<Value> elements) const {
  if (!budget.Make(elements.size() * sizeof(Value))) return Exhausted();
  Value list = Value::List(std::move(elements));
  return list.depth() > kMaxValueDepth ? Fail("the value is nested too deep") : list;
}

}  // namespace orc
