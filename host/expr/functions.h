// The functions of the language: one table, the families in files of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.h"
#include "expr/budget.h"
#include "expr/fault.h"
#include "expr/value.h"

namespace orc {

/// One call under way. What a handler returns is the result, or Fail(…).
struct Call {
  std::span<const Value> arguments;  // a member's target first; none is an error
  Budget& budget;
  const Node& node;

  const Value& operator[](size_t index) const { return arguments[index]; }
  size_t count() const { return arguments.size(); }
  Value Fail(std::string cause) const { return Value::Fault({std::move(cause), node.offset, ErrorCode::kInvalid, true}); }
  /// No function of that name takes such arguments: says which they are.
  Value NoOverload() const;
  /// What a used up budget fails with.
  Value Exhausted() const;
  /// New text of that size is about to be made: false when it may not be (then return Exhausted()).
  bool MayMake(size_t bytes) const { return budget.Make(bytes); }
  Value Text(std::string text) const { return MayMake(text.size()) ? Value::String(std::move(text)) : Exhausted(); }
  Value Elements(std::vector<Value> elements) const;
};

using Handler = Value (*)(const Call& call);

struct Function {
  std::string_view name;  // "size", "math.greatest"; operators are spelt "_+_"
  enum class Form : uint8_t { kGlobal, kMember, kBoth } form = Form::kGlobal;
  uint8_t least = 1;  // arguments, the target among them
  uint8_t most = 1;
  Handler handler = nullptr;
};

// The families, each in its file: functions_<name>.cpp.
std::span<const Function> ConversionFunctions();
std::span<const Function> OperatorFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> FormatFunctions();
std::span<const Function> ListFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> TimeFunctions();
std::span<const Function> EncodingFunctions();
std::span<const Function> RegexFunctions();
std::span<const Function> OptionalFunctions();

/// Null when there is none of that name and form.
const Function* FindFunction(std::string_view name, bool is_member);
/// Of that form, operators aside: for suggestions.
std::vector<std::string> FunctionNames(bool is_member);

/// What a value is called in messages: "a string", "an int".
std::string KindName(const Value& value);

}  // namespace orc
