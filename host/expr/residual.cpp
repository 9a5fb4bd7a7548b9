#include "expr/residual.h"

#include <algorithm>

#include "expr/ast.h"

namespace orc {
namespace {

using Kind = Node::Kind;

/// Whether the child at that position is evaluated whenever the node is.
bool IsSure(const Node& node, size_t child) {
  return child == 0 || (node.kind != Kind::kMacro && node.kind != Kind::kTernary && node.kind != Kind::kAnd && node.kind != Kind::kOr);
}

}  // namespace

ResidualWriter::ResidualWriter(const std::string& source, const Tree& tree, const KnownName& is_known, const Scope& scope, Budget& budget)
    : source_(source), tree_(tree), is_known_(is_known), budget_(budget), evaluator_(tree, scope, budget), names_(tree.nodes.size()) {
  Look(tree.root);
}

ResidualWriter::Names ResidualWriter::Look(NodeId id) {
  const Node& node = tree_.nodes[id];
  Names names;
  const bool is_test = node.kind == Kind::kHas && node.children.empty();
  if (node.kind == Kind::kUse || is_test) {
    names.known = is_known_(std::get<std::string>(tree_.uses[node.slot].path.front()));
    names.unknown = !names.known;
  }
  if (node.kind == Kind::kLocal) names.lowest_local = node.slot;
  for (size_t i = 0; i < node.children.size(); ++i) {
    const Names child = Look(node.children[i]);
    names.known = names.known || child.known;
    names.unknown = names.unknown || child.unknown;
    const bool is_own = node.kind == Kind::kMacro && i > 0 && child.lowest_local >= node.slot;
    if (!is_own) names.lowest_local = std::min(names.lowest_local, child.lowest_local);
  }
  return names_[id] = names;
}

std::string ResidualWriter::Source(NodeId id) const {
  const Node& node = tree_.nodes[id];
  return source_.substr(node.begin, node.end - node.begin);
}

Result<std::string> ResidualWriter::Text(NodeId id, bool may_be_left) {
  if (!names_[id].known) return Source(id);
  if (!names_[id].is_closed()) {
    const Kind kind = tree_.nodes[id].kind;
    if (kind == Kind::kTernary) return Ternary(id, may_be_left);
    return kind == Kind::kAnd || kind == Kind::kOr ? Logic(id, may_be_left) : Spliced(id, may_be_left);
  }
  const Value value = evaluator_.EvaluateAt(id);
  if (value.is_error()) {
    if (may_be_left && !budget_.is_used_up()) return Source(id);
    return FaultError(source_, value.get_fault());
  }
  const Result<std::string> literal = LiteralOf(value, budget_);
  if (literal.ok()) return "(" + *literal + ")";
  // An optional has none; what it is made of may have one.
  const bool may_have_parts = literal.error().code == ErrorCode::kInvalid && !tree_.nodes[id].children.empty();
  return may_have_parts ? Spliced(id, may_be_left) : literal;
}

Result<std::string> ResidualWriter::Spliced(NodeId id, bool may_be_left) {
  const Node& node = tree_.nodes[id];
  std::string text;
  size_t at = node.begin;
  for (size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = tree_.nodes[node.children[i]];
    ORC_ASSIGN_OR_RETURN(const std::string inside, Text(node.children[i], may_be_left || !IsSure(node, i)));
    text.append(source_, at, child.begin - at).append(inside);
    at = child.end;
  }
  return text.append(source_, at, node.end - at);
}

Result<std::string> ResidualWriter::Ternary(NodeId id, bool may_be_left) {
  const Node& node = tree_.nodes[id];
  if (!names_[node.children[0]].is_closed()) return Spliced(id, may_be_left);
  const Value condition = evaluator_.EvaluateAt(node.children[0]);
  if (!condition.is(Value::Kind::kBool)) return Spliced(id, may_be_left);  // which says what is wrong, now or later
  ORC_ASSIGN_OR_RETURN(const std::string taken, Text(node.children[condition.get_bool() ? 1 : 2], may_be_left));
  return "(" + taken + ")";
}

Result<std::string> ResidualWriter::Logic(NodeId id, bool may_be_left) {
  const Node& node = tree_.nodes[id];
  const bool decides = node.kind == Kind::kOr;
  for (const NodeId child : node.children) {
    if (!names_[child].is_closed()) continue;
    const Value term = evaluator_.EvaluateAt(child);
    if (term.is(Value::Kind::kBool) && term.get_bool() == decides) return std::string(decides ? "(true)" : "(false)");
  }
  return Spliced(id, may_be_left);
}

}  // namespace orc
