#include "expr/value_order.h"

#include <cmath>
#include <cstring>

namespace orc {
namespace {

using Kind = Value::Kind;

template <typename T>
Order OrderOf(const T& a, const T& b) {
  if (a < b) return Order::kLess;
  return b < a ? Order::kGreater : Order::kEqual;
}

Order Reverse(Order order) {
  if (order == Order::kLess) return Order::kGreater;
  return order == Order::kGreater ? Order::kLess : order;
}

// An integer with a double by value, without rounding the integer; but for the ends of the integers' range: what rounds to the double there
// is equal to it, as the conformance cases have it.
Order CompareIntDouble(int64_t a, double b) {
  constexpr double kEnd = 9223372036854775808.0;
  if (std::isnan(b)) return Order::kUnordered;
  if (b >= kEnd || b <= -kEnd) return OrderOf(static_cast<double>(a), b);
  const auto whole = static_cast<int64_t>(b);
  if (a != whole) return OrderOf(a, whole);
  return OrderOf(0.0, b - std::trunc(b));
}

Order CompareUintDouble(uint64_t a, double b) {
  constexpr double kEnd = 18446744073709551616.0;
  if (std::isnan(b)) return Order::kUnordered;
  if (b < 0) return Order::kGreater;
  if (b >= kEnd) return OrderOf(static_cast<double>(a), b);
  const auto whole = static_cast<uint64_t>(b);
  if (a != whole) return OrderOf(a, whole);
  return OrderOf(0.0, b - std::trunc(b));
}

Order CompareNumbers(const Value& a, const Value& b) {
  if (a.is(Kind::kDouble) && b.is(Kind::kDouble)) {
    if (std::isnan(a.get_double()) || std::isnan(b.get_double())) return Order::kUnordered;
    return OrderOf(a.get_double(), b.get_double());
  }
  if (a.is(Kind::kDouble)) return Reverse(CompareNumbers(b, a));
  if (b.is(Kind::kDouble)) {
    return a.is(Kind::kInt) ? CompareIntDouble(a.get_int(), b.get_double()) : CompareUintDouble(a.get_uint(), b.get_double());
  }
  if (a.kind() == b.kind()) return a.is(Kind::kInt) ? OrderOf(a.get_int(), b.get_int()) : OrderOf(a.get_uint(), b.get_uint());
  if (a.is(Kind::kUint)) return Reverse(CompareNumbers(b, a));
  if (a.get_int() < 0) return Order::kLess;
  return OrderOf(static_cast<uint64_t>(a.get_int()), b.get_uint());
}

Order CompareBytes(std::string_view a, std::string_view b) {
  // As unsigned bytes: of UTF-8 that is the order of the code points.
  const int order = a.compare(b);
  return order < 0 ? Order::kLess : order > 0 ? Order::kGreater : Order::kEqual;
}

bool ListsEqual(const Value& a, const Value& b, Budget& budget) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!ValuesEqual(a.At(i), b.At(i), budget)) return false;
  }
  return true;
}

bool MapsEqual(const Value& a, const Value& b, Budget& budget) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto [key, value] = a.EntryAt(i);
    const auto other = b.Find(key);
    if (!other || !ValuesEqual(value, *other, budget)) return false;
  }
  return true;
}

bool OptionalsEqual(const Value& a, const Value& b, Budget& budget) {
  const Value* in_a = a.get_optional();
  const Value* in_b = b.get_optional();
  if (in_a == nullptr || in_b == nullptr) return in_a == in_b;
  return ValuesEqual(*in_a, *in_b, budget);
}

}  // namespace

bool ValuesEqual(const Value& a, const Value& b, Budget& budget) {
  if (!budget.Step()) return false;
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b) == Order::kEqual;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kBool:
      return a.get_bool() == b.get_bool();
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return budget.StepOver(a.get_text().size()) && a.get_text() == b.get_text();
    case Kind::kTimestamp:
      return a.get_time() == b.get_time();
    case Kind::kDuration:
      return a.get_duration() == b.get_duration();
    case Kind::kList:
      return ListsEqual(a, b, budget);
    case Kind::kMap:
      return MapsEqual(a, b, budget);
    case Kind::kOptional:
      return OptionalsEqual(a, b, budget);
    default:
      return true;  // null
  }
}

std::optional<Order> CompareValues(const Value& a, const Value& b, Budget& budget) {
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kBool:
      return OrderOf(a.get_bool(), b.get_bool());
    case Kind::kString:
    case Kind::kBytes:
      budget.StepOver(std::min(a.get_text().size(), b.get_text().size()));
      return CompareBytes(a.get_text(), b.get_text());
    case Kind::kTimestamp:
      return OrderOf(a.get_time(), b.get_time());
    case Kind::kDuration:
      return OrderOf(a.get_duration(), b.get_duration());
    default:
      return std::nullopt;
  }
}

}  // namespace orc
