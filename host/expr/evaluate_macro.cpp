// Macros: loops over what a list or map has. They end, because what they loop over does.
#include <algorithm>
#include <numeric>

#include "expr/evaluator.h"
#include "expr/functions.h"
#include "expr/value_order.h"

namespace orc {
namespace {

using Kind = Value::Kind;

bool IsRange(const Value& value) { return value.is(Kind::kList) || value.is(Kind::kMap); }

}  // namespace

Value Evaluator::EvaluateMacro(const Node& node) {
  const Value range = Evaluate(node.children.front());
  if (range.is_error()) return range;
  if (node.macro == Macro::kBind) {
    locals_[node.slot] = range;
    return Evaluate(node.children[1]);
  }
  if (node.macro == Macro::kOptMap || node.macro == Macro::kOptFlatMap) return MapOptional(node, range);
  if (!IsRange(range)) return Fail(node, "a list or a map is expected, found " + KindName(range));
  switch (node.macro) {
    case Macro::kAll:
    case Macro::kExists:
      return Quantify(node, range);
    case Macro::kExistsOne:
      return CountOne(node, range);
    case Macro::kTransformMap:
    case Macro::kTransformMapEntry:
      return TransformToMap(node, range);
    case Macro::kSortBy:
      return SortBy(node, range);
    default:
      return Transform(node, range);
  }
}

void Evaluator::Bind(const Node& node, const Value& range, size_t index) {
  if (range.is(Kind::kList)) {
    if (node.variables == 2) locals_[node.slot] = Value::Int(static_cast<int64_t>(index));
    locals_[node.slot + node.variables - 1] = range.At(index);
    return;
  }
  auto [key, value] = range.EntryAt(index);
  locals_[node.slot] = std::move(key);
  if (node.variables == 2) locals_[node.slot + 1] = std::move(value);
}

Value Evaluator::Test(const Node& node, NodeId condition) {
  Value found = Evaluate(condition);
  if (found.is_error() || found.is(Kind::kBool)) return found;
  return Fail(node, "the condition is a bool, found " + KindName(found));
}

Value Evaluator::Quantify(const Node& node, const Value& range) {
  const bool decides = node.macro == Macro::kExists;  // one of these decides, whatever failed before
  Value error;
  for (size_t i = 0; i < range.size(); ++i) {
    Bind(node, range, i);
    Value holds = Test(node, node.children[1]);
    if (budget_.is_used_up()) return Exhausted(node);
    if (holds.is_error()) {
      if (!error.is_error()) error = std::move(holds);
    } else if (holds.get_bool() == decides) {
      return holds;
    }
  }
  return error.is_error() ? error : Value::Bool(!decides);
}

Value Evaluator::CountOne(const Node& node, const Value& range) {
  size_t count = 0;
  for (size_t i = 0; i < range.size(); ++i) {
    Bind(node, range, i);
    Value holds = Test(node, node.children[1]);
    if (holds.is_error()) return holds;
    count += holds.get_bool() ? 1 : 0;
  }
  return Value::Bool(count == 1);
}

Value Evaluator::Transform(const Node& node, const Value& range) {
  const bool is_filter = node.macro == Macro::kFilter;
  const bool has_condition = is_filter || node.children.size() == 3;
  std::vector<Value> made;
  for (size_t i = 0; i < range.size(); ++i) {
    Bind(node, range, i);
    if (has_condition) {
      Value holds = Test(node, node.children[1]);
      if (holds.is_error()) return holds;
      if (!holds.get_bool()) continue;
    }
    Value element = is_filter ? locals_[node.slot] : Evaluate(node.children.back());
    if (element.is_error()) return element;
    made.push_back(std::move(element));
  }
  return Call{{}, budget_, node}.Elements(std::move(made));
}

Value Evaluator::TransformToMap(const Node& node, const Value& range) {
  MapValue map;
  for (size_t i = 0; i < range.size(); ++i) {
    Bind(node, range, i);
    const Value key = range.is(Kind::kList) ? Value::Int(static_cast<int64_t>(i)) : locals_[node.slot];
    if (node.children.size() == 3) {
      Value holds = Test(node, node.children[1]);
      if (holds.is_error()) return holds;
      if (!holds.get_bool()) continue;
    }
    Value made = Evaluate(node.children.back());
    if (made.is_error()) return made;
    if (!budget_.Make(2 * sizeof(Value))) return Exhausted(node);
    if (node.macro == Macro::kTransformMap) {
      map.Add(key, std::move(made));
      continue;
    }
    if (!made.is(Kind::kMap)) return Fail(node, "transformMapEntry() makes maps, found " + KindName(made));
    for (size_t entry = 0; entry < made.size(); ++entry) {
      auto [made_key, made_value] = made.EntryAt(entry);
      if (!map.Add(std::move(made_key), std::move(made_value))) return Fail(node, "transformMapEntry() makes the same key twice");
    }
  }
  Value made = Value::Map(std::move(map));
  return made.depth() > kMaxValueDepth ? Fail(node, "the value is nested too deep") : made;
}

Value Evaluator::SortBy(const Node& node, const Value& range) {
  if (!range.is(Kind::kList)) return Fail(node, "sortBy() sorts a list, found " + KindName(range));
  std::vector<Value> keys;
  for (size_t i = 0; i < range.size(); ++i) {
    Bind(node, range, i);
    Value key = Evaluate(node.children[1]);
    if (key.is_error()) return key;
    if (!keys.empty() && !CompareValues(keys.front(), key, budget_)) {
      return Fail(node, "the keys of sortBy() have no order: " + KindName(keys.front()) + " and " + KindName(key));
    }
    keys.push_back(std::move(key));
  }
  std::vector<size_t> order(range.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return CompareValues(keys[a], keys[b], budget_) == Order::kLess; });
  std::vector<Value> sorted;
  sorted.reserve(order.size());
  for (const size_t index : order) sorted.push_back(range.At(index));
  return Call{{}, budget_, node}.Elements(std::move(sorted));
}

Value Evaluator::MapOptional(const Node& node, const Value& optional) {
  if (!optional.is(Kind::kOptional)) return Fail(node, "an optional is expected, found " + KindName(optional));
  if (optional.get_optional() == nullptr) return optional;
  locals_[node.slot] = *optional.get_optional();
  Value made = Evaluate(node.children[1]);
  if (made.is_error()) return made;
  if (node.macro == Macro::kOptMap) return Value::Some(std::move(made));
  return made.is(Kind::kOptional) ? made : Fail(node, "optFlatMap() makes an optional, found " + KindName(made));
}

}  // namespace orc
