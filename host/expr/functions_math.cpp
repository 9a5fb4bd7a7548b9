#include <array>
#include <cmath>

#include "expr/functions.h"
#include "expr/value_order.h"

namespace orc {
namespace {

using Kind = Value::Kind;

/// The one among the arguments (or in the one list) that `wanted` says comes before all others; the first of equal ones.
Value Extreme(const Call& call, Order wanted) {
  const bool is_list = call.count() == 1 && call[0].is(Kind::kList);
  const size_t count = is_list ? call[0].size() : call.count();
  const auto at = [&](size_t i) { return is_list ? call[0].At(i) : call[i]; };
  if (count == 0) return call.Fail("there is no number among none");
  Value extreme = at(0);
  for (size_t i = 0; i < count; ++i) {
    const Value candidate = at(i);
    if (!candidate.is_number()) return call.NoOverload();
    if (!call.budget.Step()) return call.Exhausted();
    if (CompareValues(candidate, extreme, call.budget) == wanted) extreme = candidate;
  }
  return extreme;
}

Value Greatest(const Call& call) { return Extreme(call, Order::kGreater); }
Value Least(const Call& call) { return Extreme(call, Order::kLess); }

template <typename Operation>
Value OfDouble(const Call& call, const Operation& operation) {
  return call[0].is(Kind::kDouble) ? Value::Double(operation(call[0].get_double())) : call.NoOverload();
}

Value Ceil(const Call& call) {
  return OfDouble(call, [](double number) { return std::ceil(number); });
}
Value Floor(const Call& call) {
  return OfDouble(call, [](double number) { return std::floor(number); });
}
Value Round(const Call& call) {
  return OfDouble(call, [](double number) { return std::round(number); });
}
Value Trunc(const Call& call) {
  return OfDouble(call, [](double number) { return std::trunc(number); });
}

Value Sqrt(const Call& call) {
  if (!call[0].is_number()) return call.NoOverload();
  if (call[0].is(Kind::kDouble)) return Value::Double(std::sqrt(call[0].get_double()));
  return Value::Double(
      std::sqrt(call[0].is(Kind::kInt) ? static_cast<double>(call[0].get_int()) : static_cast<double>(call[0].get_uint())));
}

Value Abs(const Call& call) {
  if (call[0].is(Kind::kUint)) return call[0];
  if (call[0].is(Kind::kDouble)) return Value::Double(std::abs(call[0].get_double()));
  if (!call[0].is(Kind::kInt)) return call.NoOverload();
  if (call[0].get_int() == INT64_MIN) return call.Fail("the result is out of range");
  return Value::Int(std::abs(call[0].get_int()));
}

Value Sign(const Call& call) {
  if (call[0].is(Kind::kUint)) return Value::Uint(call[0].get_uint() > 0 ? 1 : 0);
  if (call[0].is(Kind::kInt)) return Value::Int((call[0].get_int() > 0 ? 1 : 0) - (call[0].get_int() < 0 ? 1 : 0));
  if (!call[0].is(Kind::kDouble)) return call.NoOverload();
  const double number = call[0].get_double();
  if (std::isnan(number)) return call[0];
  return Value::Double((number > 0 ? 1 : 0) - (number < 0 ? 1 : 0));
}

template <typename Holds>
Value AskDouble(const Call& call, const Holds& holds) {
  return call[0].is(Kind::kDouble) ? Value::Bool(holds(call[0].get_double())) : call.NoOverload();
}

Value IsNan(const Call& call) {
  return AskDouble(call, [](double number) { return std::isnan(number); });
}
Value IsInf(const Call& call) {
  return AskDouble(call, [](double number) { return std::isinf(number); });
}
Value IsFinite(const Call& call) {
  return AskDouble(call, [](double number) { return std::isfinite(number); });
}

uint64_t BitsOf(const Value& value) { return value.is(Kind::kInt) ? static_cast<uint64_t>(value.get_int()) : value.get_uint(); }
Value Like(const Value& model, uint64_t bits) { return model.is(Kind::kInt) ? Value::Int(static_cast<int64_t>(bits)) : Value::Uint(bits); }
bool IsInteger(const Value& value) { return value.is(Kind::kInt) || value.is(Kind::kUint); }

template <typename Operation>
Value OfBits(const Call& call, const Operation& operation) {
  if (!IsInteger(call[0]) || call[0].kind() != call[1].kind()) return call.NoOverload();
  return Like(call[0], operation(BitsOf(call[0]), BitsOf(call[1])));
}

Value BitAnd(const Call& call) {
  return OfBits(call, [](uint64_t a, uint64_t b) { return a & b; });
}
Value BitOr(const Call& call) {
  return OfBits(call, [](uint64_t a, uint64_t b) { return a | b; });
}
Value BitXor(const Call& call) {
  return OfBits(call, [](uint64_t a, uint64_t b) { return a ^ b; });
}
Value BitNot(const Call& call) { return IsInteger(call[0]) ? Like(call[0], ~BitsOf(call[0])) : call.NoOverload(); }

Value Shift(const Call& call, bool left) {
  if (!IsInteger(call[0]) || !call[1].is(Kind::kInt)) return call.NoOverload();
  const int64_t by = call[1].get_int();
  if (by < 0) return call.Fail("a shift by " + std::to_string(by) + ": negative offset");
  if (by >= 64) return Like(call[0], 0);
  return Like(call[0], left ? BitsOf(call[0]) << by : BitsOf(call[0]) >> by);
}

Value ShiftLeft(const Call& call) { return Shift(call, true); }
Value ShiftRight(const Call& call) { return Shift(call, false); }

constexpr auto kGlobal = Function::Form::kGlobal;
constexpr uint8_t kMany = 255;
constexpr std::array<Function, 18> kFunctions = {{{"math.greatest", kGlobal, 1, kMany, &Greatest},
                                                  {"math.least", kGlobal, 1, kMany, &Least},
                                                  {"math.ceil", kGlobal, 1, 1, &Ceil},
                                                  {"math.floor", kGlobal, 1, 1, &Floor},
                                                  {"math.round", kGlobal, 1, 1, &Round},
                                                  {"math.trunc", kGlobal, 1, 1, &Trunc},
                                                  {"math.sqrt", kGlobal, 1, 1, &Sqrt},
                                                  {"math.abs", kGlobal, 1, 1, &Abs},
                                                  {"math.sign", kGlobal, 1, 1, &Sign},
                                                  {"math.isNaN", kGlobal, 1, 1, &IsNan},
                                                  {"math.isInf", kGlobal, 1, 1, &IsInf},
                                                  {"math.isFinite", kGlobal, 1, 1, &IsFinite},
                                                  {"math.bitAnd", kGlobal, 2, 2, &BitAnd},
                                                  {"math.bitOr", kGlobal, 2, 2, &BitOr},
                                                  {"math.bitXor", kGlobal, 2, 2, &BitXor},
                                                  {"math.bitNot", kGlobal, 1, 1, &BitNot},
                                                  {"math.bitShiftLeft", kGlobal, 2, 2, &ShiftLeft},
                                                  {"math.bitShiftRight", kGlobal, 2, 2, &ShiftRight}}};

}  // namespace

std::span<const Function> MathFunctions() { return kFunctions; }

}  // namespace orc
