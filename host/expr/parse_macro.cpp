// Macros: calls whose arguments are not evaluated before, but for each element, with names of their own.
#include <algorithm>
#include <array>

#include "expr/parser.h"

namespace orc {
namespace {

struct Shape {
  std::string_view name;
  Macro macro;
  uint8_t variables;
  uint8_t least;  // expressions after the variables
  uint8_t most;
};
constexpr std::array<Shape, 17> kShapes = {{{"all", Macro::kAll, 1, 1, 1},
                                            {"all", Macro::kAll, 2, 1, 1},
                                            {"exists", Macro::kExists, 1, 1, 1},
                                            {"exists", Macro::kExists, 2, 1, 1},
                                            {"exists_one", Macro::kExistsOne, 1, 1, 1},
                                            {"exists_one", Macro::kExistsOne, 2, 1, 1},
                                            {"existsOne", Macro::kExistsOne, 1, 1, 1},
                                            {"existsOne", Macro::kExistsOne, 2, 1, 1},
                                            {"map", Macro::kMap, 1, 1, 2},
                                            {"filter", Macro::kFilter, 1, 1, 1},
                                            {"transformList", Macro::kTransformList, 2, 1, 2},
                                            {"transformMap", Macro::kTransformMap, 2, 1, 2},
                                            {"transformMapEntry", Macro::kTransformMapEntry, 2, 1, 2},
                                            {"sortBy", Macro::kSortBy, 1, 1, 1},
                                            {"optMap", Macro::kOptMap, 1, 1, 1},
                                            {"optFlatMap", Macro::kOptFlatMap, 1, 1, 1},
                                            {"", Macro::kBind, 1, 1, 1}}};

bool IsMacroName(std::string_view name) {
  return std::any_of(kShapes.begin(), kShapes.end(), [&](const Shape& shape) { return shape.name == name; });
}

/// The shape that fits so many names and expressions.
const Shape* FindShape(std::string_view name, size_t variables) {
  const auto found =
      std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& shape) { return shape.name == name && shape.variables == variables; });
  return found == kShapes.end() ? nullptr : &*found;
}

}  // namespace

std::optional<uint32_t> Parser::FindLocal(std::string_view name) const {
  for (size_t i = locals_.size(); i > 0; --i) {
    if (locals_[i - 1] == name) return static_cast<uint32_t>(i - 1);
  }
  return std::nullopt;
}

std::optional<NodeId> Parser::ParseHas(const Token& name) {
  std::vector<NodeId> arguments = ParseArguments();
  if (failed()) return 0;
  const bool fits = arguments.size() == 1 && tree_.nodes[arguments.front()].kind == Node::Kind::kSelect;
  if (!fits) return Fail(name.begin, "has() takes one member, such as has(context.name)");
  // The selection itself becomes the question: what it selects from is evaluated as ever.
  Node node = tree_.nodes[arguments.front()];
  node.kind = Node::Kind::kHas;
  node.begin = node.offset = name.begin;
  return Add(std::move(node));
}

std::optional<NodeId> Parser::ParseBind(uint32_t begin) {
  Take();
  const Token& name = Take();
  if (name.kind != Token::Kind::kName || !Peek().Is(",")) return Fail(name.begin, "cel.bind() takes a name, its value and an expression");
  Take();
  const NodeId value = ParseExpression();
  if (failed() || !Expect(",", "after the value of cel.bind()")) return 0;
  const NodeId bind = FinishMacro(Macro::kBind, value, {name.text}, begin);
  if (!failed()) tree_.nodes[bind].begin = begin;  // the value is no target that stands before the call
  return bind;
}

std::optional<NodeId> Parser::ParseMacro(NodeId target, const Token& name) {
  if (!IsMacroName(name.text)) return std::nullopt;
  const auto is_variable = [this](size_t ahead) { return Peek(ahead).kind == Token::Kind::kName && Peek(ahead + 1).Is(","); };
  if (!is_variable(1)) {
    return Fail(Peek(1).begin, name.text + "() takes a name first, such as " + name.text + "(" +
                                   (FindShape(name.text, 1) != nullptr ? "x, …)" : "k, v, …)"));
  }
  // Of two names in a row the second is a variable too, if the macro may have two: map(x, y, …) has not.
  const bool may_be_two = FindShape(name.text, 2) != nullptr && is_variable(3);
  const Shape* shape = FindShape(name.text, may_be_two ? 2 : 1);
  if (shape == nullptr) return Fail(Peek(1).begin, name.text + "() takes two names first, such as " + name.text + "(k, v, …)");
  Take();
  std::vector<std::string> variables;
  for (size_t i = 0; i < shape->variables; ++i) {
    variables.push_back(Take().text);
    Take();
  }
  return FinishMacro(shape->macro, target, std::move(variables), name.begin);
}

NodeId Parser::FinishMacro(Macro macro, NodeId range, std::vector<std::string> variables, uint32_t offset) {
  Node node;
  node.kind = Node::Kind::kMacro;
  node.macro = macro;
  node.variables = static_cast<uint8_t>(variables.size());
  node.begin = tree_.nodes[range].begin;
  node.offset = offset;
  node.slot = static_cast<uint32_t>(locals_.size());
  node.children = {range};
  const size_t outer = locals_.size();
  for (std::string& variable : variables) locals_.push_back(std::move(variable));
  tree_.slots = std::max(tree_.slots, static_cast<uint32_t>(locals_.size()));
  while (!failed() && !Peek().Is(")")) {
    node.children.push_back(ParseExpression());
    if (!TakeSign(",")) break;
  }
  locals_.resize(outer);
  if (failed() || !Expect(")", "after the macro's arguments")) return 0;
  const auto shape = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& candidate) { return candidate.macro == macro; });
  const size_t count = node.children.size() - 1;
  if (count < shape->least || count > shape->most) {
    const std::string name = macro == Macro::kBind ? "cel.bind" : std::string(shape->name);
    return Fail(offset, name + "() takes " + (shape->most == 1 ? "one expression" : "one or two expressions") + " after its names, found " +
                            std::to_string(count));
  }
  return Add(std::move(node));
}

}  // namespace orc
