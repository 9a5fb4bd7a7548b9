// Arithmetic, comparison and `in`. What overflows is an error, never another number.
#include <array>

#include "expr/functions.h"
#include "expr/time_text.h"
#include "expr/value_order.h"

namespace orc {
namespace {

using Kind = Value::Kind;
constexpr int64_t kNanosASecond = 1'000'000'000;

Value Overflow(const Call& call) { return call.Fail("the result is out of range"); }

bool Are(const Call& call, Kind kind) { return call[0].is(kind) && call[1].is(kind); }

template <typename T, typename Operation>
Value Checked(const Call& call, T a, T b, const Operation& operation) {
  T result = 0;
  if (operation(a, b, &result)) return Overflow(call);
  if constexpr (std::is_same_v<T, int64_t>) {
    return Value::Int(result);
  } else {
    return Value::Uint(result);
  }
}

/// `time` moved by nanoseconds.
Value Move(const Call& call, Timestamp time, int64_t nanos, bool back) {
  const int64_t seconds = nanos / kNanosASecond;
  const int64_t rest = nanos % kNanosASecond;
  int64_t moved_seconds = time.seconds + (back ? -seconds : seconds);
  int64_t moved_nanos = time.nanos + (back ? -rest : rest);
  if (moved_nanos < 0) {
    moved_nanos += kNanosASecond;
    --moved_seconds;
  } else if (moved_nanos >= kNanosASecond) {
    moved_nanos -= kNanosASecond;
    ++moved_seconds;
  }
  const Timestamp moved{moved_seconds, static_cast<int32_t>(moved_nanos)};
  return IsInRange(moved) ? Value::Time(moved) : Overflow(call);
}

Value ConcatenateLists(const Call& call) {
  const size_t size = call[0].size() + call[1].size();
  if (!call.budget.Step(size)) return call.Exhausted();
  std::vector<Value> elements;
  elements.reserve(size);
  for (const Value* list : {&call[0], &call[1]}) {
    for (size_t i = 0; i < list->size(); ++i) elements.push_back(list->At(i));
  }
  return call.Elements(std::move(elements));
}

Value ConcatenateBytes(const Call& call) {
  if (!call.MayMake(call[0].get_text().size() + call[1].get_text().size())) return call.Exhausted();
  std::string joined(call[0].get_text());
  joined += call[1].get_text();
  return call[0].is(Kind::kString) ? Value::String(std::move(joined)) : Value::Bytes(std::move(joined));
}

Value AddTimes(const Call& call) {
  if (Are(call, Kind::kDuration)) {
    int64_t sum = 0;
    if (__builtin_add_overflow(call[0].get_duration(), call[1].get_duration(), &sum)) return Overflow(call);
    return Value::Duration(sum);
  }
  if (call[0].is(Kind::kTimestamp) && call[1].is(Kind::kDuration)) return Move(call, call[0].get_time(), call[1].get_duration(), false);
  if (call[0].is(Kind::kDuration) && call[1].is(Kind::kTimestamp)) return Move(call, call[1].get_time(), call[0].get_duration(), false);
  return call.NoOverload();
}

Value Add(const Call& call) {
  if (Are(call, Kind::kInt)) {
    return Checked(call, call[0].get_int(), call[1].get_int(), [](auto a, auto b, auto* r) { return __builtin_add_overflow(a, b, r); });
  }
  if (Are(call, Kind::kUint)) {
    return Checked(call, call[0].get_uint(), call[1].get_uint(), [](auto a, auto b, auto* r) { return __builtin_add_overflow(a, b, r); });
  }
  if (Are(call, Kind::kDouble)) return Value::Double(call[0].get_double() + call[1].get_double());
  if (Are(call, Kind::kString) || Are(call, Kind::kBytes)) return ConcatenateBytes(call);
  return Are(call, Kind::kList) ? ConcatenateLists(call) : AddTimes(call);
}

Value SubtractTimes(const Call& call) {
  if (call[0].is(Kind::kTimestamp) && call[1].is(Kind::kDuration)) return Move(call, call[0].get_time(), call[1].get_duration(), true);
  int64_t nanos = 0;
  if (Are(call, Kind::kDuration)) {
    if (__builtin_sub_overflow(call[0].get_duration(), call[1].get_duration(), &nanos)) return Overflow(call);
    return Value::Duration(nanos);
  }
  if (!Are(call, Kind::kTimestamp)) return call.NoOverload();
  const Timestamp a = call[0].get_time();
  const Timestamp b = call[1].get_time();
  if (__builtin_mul_overflow(a.seconds - b.seconds, kNanosASecond, &nanos)) return Overflow(call);
  if (__builtin_add_overflow(nanos, int64_t{a.nanos} - b.nanos, &nanos)) return Overflow(call);
  return Value::Duration(nanos);
}

Value Subtract(const Call& call) {
  if (Are(call, Kind::kInt)) {
    return Checked(call, call[0].get_int(), call[1].get_int(), [](auto a, auto b, auto* r) { return __builtin_sub_overflow(a, b, r); });
  }
  if (Are(call, Kind::kUint)) {
    return Checked(call, call[0].get_uint(), call[1].get_uint(), [](auto a, auto b, auto* r) { return __builtin_sub_overflow(a, b, r); });
  }
  if (Are(call, Kind::kDouble)) return Value::Double(call[0].get_double() - call[1].get_double());
  return SubtractTimes(call);
}

Value Multiply(const Call& call) {
  if (Are(call, Kind::kInt)) {
    return Checked(call, call[0].get_int(), call[1].get_int(), [](auto a, auto b, auto* r) { return __builtin_mul_overflow(a, b, r); });
  }
  if (Are(call, Kind::kUint)) {
    return Checked(call, call[0].get_uint(), call[1].get_uint(), [](auto a, auto b, auto* r) { return __builtin_mul_overflow(a, b, r); });
  }
  if (Are(call, Kind::kDouble)) return Value::Double(call[0].get_double() * call[1].get_double());
  return call.NoOverload();
}

Value Divide(const Call& call) {
  if (Are(call, Kind::kDouble)) return Value::Double(call[0].get_double() / call[1].get_double());
  if (Are(call, Kind::kInt)) {
    if (call[1].get_int() == 0) return call.Fail("division by zero");
    if (call[0].get_int() == INT64_MIN && call[1].get_int() == -1) return Overflow(call);
    return Value::Int(call[0].get_int() / call[1].get_int());
  }
  if (!Are(call, Kind::kUint)) return call.NoOverload();
  if (call[1].get_uint() == 0) return call.Fail("division by zero");
  return Value::Uint(call[0].get_uint() / call[1].get_uint());
}

Value Remainder(const Call& call) {
  if (Are(call, Kind::kInt)) {
    if (call[1].get_int() == 0) return call.Fail("modulus by zero");
    return Value::Int(call[1].get_int() == -1 ? 0 : call[0].get_int() % call[1].get_int());
  }
  if (!Are(call, Kind::kUint)) return call.NoOverload();
  if (call[1].get_uint() == 0) return call.Fail("modulus by zero");
  return Value::Uint(call[0].get_uint() % call[1].get_uint());
}

Value Negate(const Call& call) {
  if (call[0].is(Kind::kDouble)) return Value::Double(-call[0].get_double());
  if (!call[0].is(Kind::kInt)) return call.NoOverload();
  return call[0].get_int() == INT64_MIN ? Overflow(call) : Value::Int(-call[0].get_int());
}

Value Equal(const Call& call) { return Value::Bool(ValuesEqual(call[0], call[1], call.budget)); }
Value Unequal(const Call& call) { return Value::Bool(!ValuesEqual(call[0], call[1], call.budget)); }

template <typename Holds>
Value Compare(const Call& call, const Holds& holds) {
  const auto order = CompareValues(call[0], call[1], call.budget);
  return order ? Value::Bool(holds(*order)) : call.NoOverload();
}

Value Less(const Call& call) {
  return Compare(call, [](Order order) { return order == Order::kLess; });
}
Value LessOrEqual(const Call& call) {
  return Compare(call, [](Order order) { return order == Order::kLess || order == Order::kEqual; });
}
Value Greater(const Call& call) {
  return Compare(call, [](Order order) { return order == Order::kGreater; });
}
Value GreaterOrEqual(const Call& call) {
  return Compare(call, [](Order order) { return order == Order::kGreater || order == Order::kEqual; });
}

Value In(const Call& call) {
  if (call[1].is(Kind::kMap)) return Value::Bool(call[1].Find(call[0]).has_value());
  if (!call[1].is(Kind::kList)) return call.NoOverload();
  for (size_t i = 0; i < call[1].size(); ++i) {
    if (ValuesEqual(call[0], call[1].At(i), call.budget)) return Value::Bool(true);
    if (call.budget.is_used_up()) return call.Exhausted();
  }
  return Value::Bool(false);
}

constexpr auto kGlobal = Function::Form::kGlobal;
constexpr std::array<Function, 13> kFunctions = {{{"_+_", kGlobal, 2, 2, &Add},
                                                  {"_-_", kGlobal, 2, 2, &Subtract},
                                                  {"_*_", kGlobal, 2, 2, &Multiply},
                                                  {"_/_", kGlobal, 2, 2, &Divide},
                                                  {"_%_", kGlobal, 2, 2, &Remainder},
                                                  {"-_", kGlobal, 1, 1, &Negate},
                                                  {"_==_", kGlobal, 2, 2, &Equal},
                                                  {"_!=_", kGlobal, 2, 2, &Unequal},
                                                  {"_<_", kGlobal, 2, 2, &Less},
                                                  {"_<=_", kGlobal, 2, 2, &LessOrEqual},
                                                  {"_>_", kGlobal, 2, 2, &Greater},
                                                  {"_>=_", kGlobal, 2, 2, &GreaterOrEqual},
                                                  {"_in_", kGlobal, 2, 2, &In}}};

}  // namespace

std::span<const Function> OperatorFunctions() { return kFunctions; }

}  // namespace orc
