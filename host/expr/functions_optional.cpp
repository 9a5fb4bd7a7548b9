// Optionals: values that may not be there.
#include <array>

#include "expr/functions.h"

namespace orc {
namespace {

using Kind = Value::Kind;

bool IsZero(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.get_bool();
    case Kind::kInt:
      return value.get_int() == 0;
    case Kind::kUint:
      return value.get_uint() == 0;
    case Kind::kDouble:
      return value.get_double() == 0;
    case Kind::kString:
    case Kind::kBytes:
      return value.get_text().empty();
    case Kind::kList:
    case Kind::kMap:
      return value.size() == 0;
    case Kind::kDuration:
      return value.get_duration() == 0;
    case Kind::kTimestamp:
      return value.get_time() == Timestamp{};
    default:
      return false;
  }
}

Value Of(const Call& call) { return call[0].depth() >= kMaxValueDepth ? call.Fail("the value is nested too deep") : Value::Some(call[0]); }
Value OfNonZero(const Call& call) { return IsZero(call[0]) ? Value::None() : Of(call); }
Value None(const Call&) { return Value::None(); }

Value HasValue(const Call& call) {
  return call[0].is(Kind::kOptional) ? Value::Bool(call[0].get_optional() != nullptr) : call.NoOverload();
}

Value ValueOf(const Call& call) {
  if (!call[0].is(Kind::kOptional)) return call.NoOverload();
  return call[0].get_optional() != nullptr ? Value(*call[0].get_optional()) : call.Fail("the optional has no value");
}

Value Or(const Call& call) {
  if (!call[0].is(Kind::kOptional) || !call[1].is(Kind::kOptional)) return call.NoOverload();
  return call[call[0].get_optional() != nullptr ? 0 : 1];
}

Value OrValue(const Call& call) {
  if (!call[0].is(Kind::kOptional)) return call.NoOverload();
  return call[0].get_optional() != nullptr ? Value(*call[0].get_optional()) : call[1];
}

constexpr auto kGlobal = Function::Form::kGlobal;
constexpr auto kMember = Function::Form::kMember;
constexpr std::array<Function, 7> kFunctions = {{{"optional.of", kGlobal, 1, 1, &Of},
                                                 {"optional.ofNonZeroValue", kGlobal, 1, 1, &OfNonZero},
                                                 {"optional.none", kGlobal, 0, 0, &None},
                                                 {"hasValue", kMember, 1, 1, &HasValue},
                                                 {"value", kMember, 1, 1, &ValueOf},
                                                 {"or", kMember, 2, 2, &Or},
                                                 {"orValue", kMember, 2, 2, &OrValue}}};

}  // namespace

std::span<const Function> OptionalFunctions() { return kFunctions; }

}  // namespace orc
