#include "expr/parser.h"

#include <algorithm>
#include <array>
#include <span>

#include "expr/functions.h"

namespace orc {
namespace {

struct Operator {
  std::string_view sign;
  std::string_view function;
};
constexpr std::array<Operator, 7> kRelations = {
    {{"<", "_<_"}, {"<=", "_<=_"}, {">", "_>_"}, {">=", "_>=_"}, {"==", "_==_"}, {"!=", "_!=_"}, {"in", "_in_"}}};
constexpr std::array<Operator, 2> kSums = {{{"+", "_+_"}, {"-", "_-_"}}};
constexpr std::array<Operator, 3> kProducts = {{{"*", "_*_"}, {"/", "_/_"}, {"%", "_%_"}}};
constexpr std::array<std::span<const Operator>, 3> kLevels = {kRelations, kSums, kProducts};  // from the loosest to the tightest

const Operator* FindOperator(const Token& token, std::span<const Operator> level) {
  const bool may_be = token.kind == Token::Kind::kSign || token.IsWord("in");
  const auto found = std::find_if(level.begin(), level.end(), [&](const Operator& candidate) { return candidate.sign == token.text; });
  return may_be && found != level.end() ? &*found : nullptr;
}

}  // namespace

Tree Parser::Run() {
  tree_.root = ParseExpression();
  if (!failed() && Peek().kind != Token::Kind::kEnd) Fail(Peek().begin, "an operator or the end is expected, found " + Found());
  return std::move(tree_);
}

NodeId Parser::ParseExpression() {
  if (++depth_ > options_.max_depth) Fail(Peek().begin, "nested deeper than " + std::to_string(options_.max_depth) + " levels");
  const NodeId node = failed() ? 0 : ParseTernary();
  --depth_;
  return node;
}

NodeId Parser::ParseTernary() {
  const uint32_t begin = Peek().begin;
  const NodeId condition = ParseOr();
  const uint32_t offset = Peek().begin;
  if (failed() || !TakeSign("?")) return condition;
  const NodeId yes = ParseOr();
  if (failed() || !Expect(":", "between the two values of ? :")) return 0;
  const NodeId no = ParseExpression();
  return failed() ? 0 : Add(Node::Kind::kTernary, begin, offset, {condition, yes, no});
}

NodeId Parser::ParseOr() {
  const uint32_t begin = Peek().begin;
  std::vector<NodeId> terms = {ParseAnd()};
  while (!failed() && TakeSign("||")) terms.push_back(ParseAnd());
  if (failed() || terms.size() == 1) return terms.front();
  return Add(Node::Kind::kOr, begin, begin, std::move(terms));
}

NodeId Parser::ParseAnd() {
  const uint32_t begin = Peek().begin;
  std::vector<NodeId> terms = {ParseBinary(0)};
  while (!failed() && TakeSign("&&")) terms.push_back(ParseBinary(0));
  if (failed() || terms.size() == 1) return terms.front();
  return Add(Node::Kind::kAnd, begin, begin, std::move(terms));
}

NodeId Parser::ParseBinary(size_t level) {
  if (level == kLevels.size()) return ParseUnary();
  const uint32_t begin = Peek().begin;
  NodeId left = ParseBinary(level + 1);
  while (!failed()) {
    const Operator* found = FindOperator(Peek(), kLevels.at(level));
    if (found == nullptr) break;
    const uint32_t offset = Take().begin;
    const NodeId right = ParseBinary(level + 1);
    if (!failed()) left = MakeCall(std::string(found->function), false, {left, right}, begin, offset);
  }
  return left;
}

NodeId Parser::ParseUnary() {
  const size_t begin = at_;
  const bool is_not = Peek().Is("!");
  const std::string sign = is_not ? "!" : "-";
  while (Peek().Is(sign)) Take();
  const size_t count = at_ - begin;
  if (count == 0) return ParseMember();
  return FoldSigns(begin, count, !is_not);
}

NodeId Parser::FoldSigns(size_t begin, size_t count, bool negate) {
  const bool is_number = Peek().kind == Token::Kind::kInt || Peek().kind == Token::Kind::kDouble;
  NodeId node = 0;
  if (negate && is_number) {
    --at_;  // the sign belongs to the number: -9223372036854775808 is one
    --count;
    node = ParseMember();
  } else {
    node = ParseMember();
  }
  while (!failed() && count > 0) {
    const uint32_t offset = tokens_[begin + --count].begin;
    node = negate ? MakeCall("-_", false, {node}, offset, offset) : Add(Node::Kind::kNot, offset, offset, {node});
  }
  return node;
}

bool Parser::TakeSign(std::string_view sign) {
  if (!Peek().Is(sign)) return false;
  Take();
  return true;
}

bool Parser::Expect(std::string_view sign, std::string_view where) {
  if (TakeSign(sign)) return true;
  if (!failed()) Fail(Peek().begin, "\"" + std::string(sign) + "\" is expected " + std::string(where) + ", found " + Found());
  return false;
}

NodeId Parser::Fail(uint32_t offset, std::string cause) {
  if (!stopped_) faults_.push_back({std::move(cause), offset});
  stopped_ = true;
  return 0;
}

std::string Parser::Found() const {
  const Token& token = Peek();
  if (token.kind == Token::Kind::kEnd) return "the end";
  return "\"" + std::string(source_.substr(token.begin, token.end - token.begin)) + "\"";
}

NodeId Parser::Add(Node node) {
  for (const NodeId child : node.children) node.depth = std::max<uint16_t>(node.depth, static_cast<uint16_t>(tree_.nodes[child].depth + 1));
  if (node.depth > options_.max_depth) return Fail(node.offset, "nested deeper than " + std::to_string(options_.max_depth) + " levels");
  node.end = at_ > 0 ? tokens_[at_ - 1].end : 0;
  tree_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(tree_.nodes.size() - 1);
}

NodeId Parser::Add(Node::Kind kind, uint32_t begin, uint32_t offset, std::vector<NodeId> children) {
  Node node;
  node.kind = kind;
  node.begin = begin;
  node.offset = offset;
  node.children = std::move(children);
  return Add(std::move(node));
}

}  // namespace orc
