// Lists: taking apart, putting in order, adding up.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/value_order.h"

namespace orc {
namespace {

using Kind = Value::Kind;

constexpr int64_t kMostInRange = 1'000'000;

std::vector<Value> ElementsOf(const Value& list) {
  std::vector<Value> elements;
  elements.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) elements.push_back(list.At(i));
  return elements;
}

Value Range(const Call& call) {
  if (!call[0].is(Kind::kInt)) return call.NoOverload();
  const int64_t count = call[0].get_int();
  if (count < 0 || count > kMostInRange)
    return call.Fail("lists.range() takes 0 to " + std::to_string(kMostInRange) + ", found " + std::to_string(count));
  if (!call.budget.Step(static_cast<size_t>(count)) || !call.MayMake(static_cast<size_t>(count) * sizeof(Value))) return call.Exhausted();
  std::vector<Value> elements;
  elements.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) elements.push_back(Value::Int(i));
  return Value::List(std::move(elements));
}

Value Slice(const Call& call) {
  if (!call[0].is(Kind::kList) || !call[1].is(Kind::kInt) || !call[2].is(Kind::kInt)) return call.NoOverload();
  const int64_t begin = call[1].get_int();
  const int64_t end = call[2].get_int();
  const auto size = static_cast<int64_t>(call[0].size());
  if (begin < 0 || begin > end || end > size) {
    return call.Fail("slice(" + std::to_string(begin) + ", " + std::to_string(end) + ") is no part of a list of " + std::to_string(size));
  }
  if (!call.budget.Step(static_cast<size_t>(end - begin))) return call.Exhausted();
  std::vector<Value> elements;
  for (int64_t i = begin; i < end; ++i) elements.push_back(call[0].At(static_cast<size_t>(i)));
  return call.Elements(std::move(elements));
}

/// False once the budget is used up.
bool FlattenInto(const Call& call, const Value& list, int64_t depth, std::vector<Value>& elements) {
  for (size_t i = 0; i < list.size(); ++i) {
    Value element = list.At(i);
    if (!call.budget.Step()) return false;
    if (!element.is(Kind::kList) || depth == 0) {
      elements.push_back(std::move(element));
    } else if (!FlattenInto(call, element, depth - 1, elements)) {
      return false;
    }
  }
  return true;
}

Value Flatten(const Call& call) {
  if (!call[0].is(Kind::kList) || (call.count() == 2 && !call[1].is(Kind::kInt))) return call.NoOverload();
  const int64_t depth = call.count() == 2 ? call[1].get_int() : 1;
  if (depth < 0) return call.Fail("flatten() takes a depth of 0 or more, found " + std::to_string(depth));
  std::vector<Value> elements;
  if (!FlattenInto(call, call[0], depth, elements)) return call.Exhausted();
  return call.Elements(std::move(elements));
}

Value Distinct(const Call& call) {
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  std::vector<Value> elements;
  std::unordered_set<std::string> spelt;  // of those that could be keys: equal means of one spelling
  std::vector<Value> others;
  for (size_t i = 0; i < call[0].size(); ++i) {
    Value element = call[0].At(i);
    const std::string spelling = SpellKey(element);
    if (!call.budget.StepOver(spelling.size())) return call.Exhausted();
    if (!spelling.empty()) {
      if (spelt.insert(spelling).second) elements.push_back(std::move(element));
      continue;
    }
    const bool is_known =
        std::any_of(others.begin(), others.end(), [&](const Value& other) { return ValuesEqual(other, element, call.budget); });
    if (call.budget.is_used_up()) return call.Exhausted();
    if (is_known) continue;
    others.push_back(element);
    elements.push_back(std::move(element));
  }
  return call.Elements(std::move(elements));
}

Value Sort(const Call& call) {
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  std::vector<Value> elements = ElementsOf(call[0]);
  if (!call.budget.Step(elements.size() * 4)) return call.Exhausted();
  for (const Value& element : elements) {
    if (!CompareValues(elements.front(), element, call.budget)) {
      return call.Fail("the elements have no order: " + KindName(elements.front()) + " and " + KindName(element));
    }
  }
  std::stable_sort(elements.begin(), elements.end(),
                   [&](const Value& a, const Value& b) { return CompareValues(a, b, call.budget) == Order::kLess; });
  return call.Elements(std::move(elements));
}

Value ReverseOf(const Call& call) {
  if (call[0].is(Kind::kString)) {
    if (!call.MayMake(call[0].get_text().size() * 4)) return call.Exhausted();
    std::u32string text = DecodeUtf8(call[0].get_text());
    std::reverse(text.begin(), text.end());
    return call.Text(EncodeUtf8(text));
  }
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  std::vector<Value> elements = ElementsOf(call[0]);
  if (!call.budget.Step(elements.size())) return call.Exhausted();
  std::reverse(elements.begin(), elements.end());
  return call.Elements(std::move(elements));
}

Value First(const Call& call) {
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  return call[0].size() == 0 ? Value::None() : Value::Some(call[0].At(0));
}

Value Last(const Call& call) {
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  return call[0].size() == 0 ? Value::None() : Value::Some(call[0].At(call[0].size() - 1));
}

/// All of one kind of number.
Value Sum(const Call& call) {
  if (!call[0].is(Kind::kList)) return call.NoOverload();
  if (!call.budget.Step(call[0].size())) return call.Exhausted();
  int64_t integers = 0;
  uint64_t naturals = 0;
  double reals = 0;
  Kind kind = Kind::kInt;
  for (size_t i = 0; i < call[0].size(); ++i) {
    const Value element = call[0].At(i);
    if (i == 0) kind = element.kind();
    if (!element.is_number() || element.kind() != kind) {
      return call.Fail("sum() takes numbers of one kind, found " + KindName(element) + " at [" + std::to_string(i) + "]");
    }
    bool overflows = false;
    if (kind == Kind::kInt) overflows = __builtin_add_overflow(integers, element.get_int(), &integers);
    if (kind == Kind::kUint) overflows = __builtin_add_overflow(naturals, element.get_uint(), &naturals);
    if (kind == Kind::kDouble) reals += element.get_double();
    if (overflows) return call.Fail("the sum is out of range");
  }
  if (kind == Kind::kDouble) return Value::Double(reals);
  return kind == Kind::kUint ? Value::Uint(naturals) : Value::Int(integers);
}

using Form = Function::Form;
constexpr std::array<Function, 9> kFunctions = {{{"lists.range", Form::kGlobal, 1, 1, &Range},
                                                 {"slice", Form::kMember, 3, 3, &Slice},
                                                 {"flatten", Form::kMember, 1, 2, &Flatten},
                                                 {"distinct", Form::kMember, 1, 1, &Distinct},
                                                 {"sort", Form::kMember, 1, 1, &Sort},
                                                 {"reverse", Form::kMember, 1, 1, &ReverseOf},
                                                 {"first", Form::kMember, 1, 1, &First},
                                                 {"last", Form::kMember, 1, 1, &Last},
                                                 {"sum", Form::kMember, 1, 1, &Sum}}};

}  // namespace

std::span<const Function> ListFunctions() { return kFunctions; }

}  // namespace orc
