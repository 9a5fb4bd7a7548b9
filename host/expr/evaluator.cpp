#include "expr/evaluator.h"

#include <array>
#include <cmath>

#include "base/nearest.h"
#include "expr/functions.h"
#include "expr/value_order.h"

namespace orc {
namespace {

using Kind = Value::Kind;

constexpr size_t kMaxListedKeys = 200;

std::string NearestKey(const Value& map, const std::string& name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(map.size(), kMaxListedKeys); ++i) {
    const Value key = map.EntryAt(i).first;
    if (key.is(Kind::kString)) names.emplace_back(key.get_text());
  }
  return DidYouMean(name, names);
}

/// The first `count` parts, as they would be written.
std::string ShownPath(std::span<const PathPart> path, size_t count) {
  std::string text = std::get<std::string>(path.front());
  for (size_t i = 1; i < count; ++i) {
    const auto* name = std::get_if<std::string>(&path[i]);
    text += name != nullptr ? "[\"" + *name + "\"]" : "[" + std::to_string(std::get<int64_t>(path[i])) + "]";
  }
  return text;
}

/// The index that a number means; nothing when it is none.
std::optional<int64_t> IndexOf(const Value& value) {
  if (value.is(Kind::kInt)) return value.get_int();
  if (value.is(Kind::kUint) && value.get_uint() <= INT64_MAX) return static_cast<int64_t>(value.get_uint());
  const bool is_whole =
      value.is(Kind::kDouble) && std::trunc(value.get_double()) == value.get_double() && std::abs(value.get_double()) < 1e15;
  if (is_whole) return static_cast<int64_t>(value.get_double());
  return std::nullopt;
}

std::string ShownKey(const Value& key) {
  const std::string spelling = SpellKey(key);
  if (key.is(Kind::kString)) return "\"" + std::string(key.get_text()) + "\"";
  if (key.is(Kind::kBool)) return key.get_bool() ? "true" : "false";
  return spelling.empty() ? KindName(key) : spelling.substr(1);
}

}  // namespace

Value Evaluator::FailAt(uint32_t offset, std::string cause) const {
  return Value::Fault({std::move(cause), offset, ErrorCode::kInvalid, true});
}

Value Evaluator::Exhausted(const Node& node) const { return Call{{}, budget_, node}.Exhausted(); }

Value Evaluator::Evaluate(NodeId id) {
  const Node& node = tree_.nodes[id];
  if (!budget_.Step()) return Exhausted(node);
  switch (node.kind) {
    case Node::Kind::kLiteral:
      return node.literal;
    case Node::Kind::kLocal:
      return locals_[node.slot];
    case Node::Kind::kUse:
      return Find(tree_.uses[node.slot], node.begin);
    case Node::Kind::kSelect:
      return EvaluateSelect(node);
    case Node::Kind::kIndex:
      return EvaluateIndex(node);
    case Node::Kind::kHas:
      return EvaluateHas(node);
    case Node::Kind::kCall:
      return EvaluateCall(node);
    case Node::Kind::kList:
      return EvaluateList(node);
    case Node::Kind::kMap:
      return EvaluateMap(node);
    case Node::Kind::kAnd:
      return EvaluateLogic(node, false);
    case Node::Kind::kOr:
      return EvaluateLogic(node, true);
    case Node::Kind::kNot:
      return EvaluateNot(node);
    case Node::Kind::kTernary:
      return EvaluateTernary(node);
    case Node::Kind::kMacro:
      return EvaluateMacro(node);
    case Node::Kind::kLate:
    case Node::Kind::kName:
      break;
  }
  return Fail(node, "there is no function " + node.name + "() for these arguments");
}

Value Evaluator::SelectFrom(const Value& from, const std::string& name, uint32_t offset) {
  if (!from.is(Kind::kMap)) return FailAt(offset, KindName(from) + " has no member \"" + name + "\"");
  if (auto found = from.FindName(name)) return *std::move(found);
  return FailAt(offset, "there is no member \"" + name + "\"" + NearestKey(from, name));
}

Value Evaluator::IndexInto(const Value& from, const Value& index, uint32_t offset) {
  if (from.is(Kind::kMap)) {
    if (auto found = from.Find(index)) return *std::move(found);
    return FailAt(
        offset, "there is no member " + ShownKey(index) + (index.is(Kind::kString) ? NearestKey(from, std::string(index.get_text())) : ""));
  }
  if (!from.is(Kind::kList)) return FailAt(offset, KindName(from) + " has no members");
  const auto at = IndexOf(index);
  if (!at) return FailAt(offset, "the index of a list is an int, found " + KindName(index));
  if (*at >= 0 && static_cast<size_t>(*at) < from.size()) return from.At(static_cast<size_t>(*at));
  return FailAt(offset, "the list has " + std::to_string(from.size()) + " elements, none at [" + std::to_string(*at) + "]");
}

Value Evaluator::Find(const VariableUse& use, uint32_t offset) {
  Result<Scope::Found> found = scope_.Find(use.path);
  if (!found.ok()) return FailAt(offset, found.error().message);
  Value value = std::move(found->value);
  for (size_t i = found->consumed; i < use.path.size() && !value.is_error(); ++i) {
    const auto* name = std::get_if<std::string>(&use.path[i]);
    if (value.is(Kind::kOptional)) {
      if (value.get_optional() == nullptr) return value;
      value = Value(*value.get_optional());
    }
    value = name != nullptr ? SelectFrom(value, *name, offset) : IndexInto(value, Value::Int(std::get<int64_t>(use.path[i])), offset);
    if (value.is_error()) return FailAt(offset, ShownPath(use.path, i) + ": " + value.get_fault().cause);
  }
  return value;
}

Value Evaluator::EvaluateHas(const Node& node) {
  if (!node.children.empty()) {
    Value from = Evaluate(node.children.front());
    if (from.is_error()) return from;
    if (from.is(Kind::kOptional)) {
      if (from.get_optional() == nullptr) return Value::Bool(false);
      from = Value(*from.get_optional());
    }
    if (!from.is(Kind::kMap)) return Fail(node, "has() asks for a member of a map, found " + KindName(from));
    return Value::Bool(from.FindName(node.name).has_value());
  }
  return Test(tree_.uses[node.slot]);
}

Value Evaluator::Test(const VariableUse& use) {
  const Result<Scope::Found> found = scope_.Find(use.path);
  if (!found.ok()) return FailAt(use.begin, found.error().message);
  if (found->consumed >= use.path.size()) return Value::Bool(true);
  VariableUse parent = use;
  parent.path.pop_back();
  const Value from = Find(parent, use.begin);
  if (from.is_error()) return from;
  if (!from.is(Kind::kMap)) return FailAt(use.begin, "has() asks for a member of a map, found " + KindName(from));
  return Value::Bool(from.FindName(std::get<std::string>(use.path.back())).has_value());
}

Value Evaluator::EvaluateSelect(const Node& node) {
  const Value from = Evaluate(node.children.front());
  if (from.is_error()) return from;
  if (!from.is(Kind::kOptional) && !node.is_optional) return SelectFrom(from, node.name, node.offset);
  const Value* inside = from.is(Kind::kOptional) ? from.get_optional() : &from;
  if (inside == nullptr) return from;
  if (!inside->is(Kind::kMap)) return Fail(node, KindName(*inside) + " has no member \"" + node.name + "\"");
  auto found = inside->FindName(node.name);
  return found ? Value::Some(*std::move(found)) : Value::None();
}

Value Evaluator::EvaluateIndex(const Node& node) {
  const Value from = Evaluate(node.children[0]);
  if (from.is_error()) return from;
  const Value index = Evaluate(node.children[1]);
  if (index.is_error()) return index;
  if (!from.is(Kind::kOptional) && !node.is_optional) return IndexInto(from, index, node.offset);
  const Value* inside = from.is(Kind::kOptional) ? from.get_optional() : &from;
  if (inside == nullptr) return from;
  if (!inside->is(Kind::kMap) && !inside->is(Kind::kList)) return Fail(node, KindName(*inside) + " has no members");
  Value found = IndexInto(*inside, index, node.offset);
  return found.is_error() ? Value::None() : Value::Some(std::move(found));
}

Value Evaluator::EvaluateCall(const Node& node) {
  constexpr size_t kUsual = 3;
  const auto call = [&](std::span<Value> arguments) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      arguments[i] = Evaluate(node.children[i]);
      if (arguments[i].is_error()) return arguments[i];
    }
    const Call made{arguments, budget_, node};
    Value result = node.function->handler(made);
    return budget_.is_used_up() ? Exhausted(node) : result;
  };
  if (node.children.size() > kUsual) {
    std::vector<Value> arguments(node.children.size());
    return call(arguments);
  }
  std::array<Value, kUsual> arguments;
  return call(std::span(arguments.data(), node.children.size()));
}

Value Evaluator::EvaluateList(const Node& node) {
  std::vector<Value> elements;
  elements.reserve(node.children.size());
  for (size_t i = 0; i < node.children.size(); ++i) {
    Value element = Evaluate(node.children[i]);
    if (element.is_error()) return element;
    if (node.optional_children[i]) {
      if (!element.is(Kind::kOptional)) return Fail(node, "an optional is expected after \"?\", found " + KindName(element));
      if (element.get_optional() == nullptr) continue;
      element = Value(*element.get_optional());
    }
    elements.push_back(std::move(element));
  }
  return Call{{}, budget_, node}.Elements(std::move(elements));
}

Value Evaluator::EvaluateMap(const Node& node) {
  MapValue map;
  if (!budget_.Make(node.children.size() * sizeof(Value))) return Exhausted(node);
  for (size_t i = 0; i + 1 < node.children.size(); i += 2) {
    Value key = Evaluate(node.children[i]);
    if (key.is_error()) return key;
    if (!IsMapKey(key)) return Fail(node, "a key is a bool, an int, a uint or a string, found " + KindName(key));
    Value value = Evaluate(node.children[i + 1]);
    if (value.is_error()) return value;
    if (node.optional_children[i / 2]) {
      if (!value.is(Kind::kOptional)) return Fail(node, "an optional is expected after \"?\", found " + KindName(value));
      if (value.get_optional() == nullptr) continue;
      value = Value(*value.get_optional());
    }
    const std::string shown = ShownKey(key);
    if (!map.Add(std::move(key), std::move(value))) return Fail(node, "the key " + shown + " comes twice");
  }
  Value made = Value::Map(std::move(map));
  return made.depth() > kMaxValueDepth ? Fail(node, "the value is nested too deep") : made;
}

Value Evaluator::EvaluateLogic(const Node& node, bool is_or) {
  // An error matters only when no other term decides.
  Value error;
  for (const NodeId child : node.children) {
    Value term = Evaluate(child);
    if (budget_.is_used_up()) return Exhausted(node);
    if (term.is(Kind::kBool)) {
      if (term.get_bool() == is_or) return term;
    } else if (!error.is_error()) {
      error = term.is_error()
                  ? std::move(term)
                  : FailAt(tree_.nodes[child].begin, std::string(is_or ? "||" : "&&") + " takes bools, found " + KindName(term));
    }
  }
  return error.is_error() ? error : Value::Bool(!is_or);
}

Value Evaluator::EvaluateNot(const Node& node) {
  Value inside = Evaluate(node.children.front());
  if (inside.is_error()) return inside;
  if (!inside.is(Kind::kBool)) return Fail(node, "! takes a bool, found " + KindName(inside));
  return Value::Bool(!inside.get_bool());
}

Value Evaluator::EvaluateTernary(const Node& node) {
  Value condition = Evaluate(node.children[0]);
  if (condition.is_error()) return condition;
  if (!condition.is(Kind::kBool)) return Fail(node, "the condition before \"?\" is a bool, found " + KindName(condition));
  return Evaluate(node.children[condition.get_bool() ? 1 : 2]);
}

}  // namespace orc
