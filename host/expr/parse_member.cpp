// Literals, names, lists and maps; and what may follow them: selection, index, call.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/nearest.h"
#include "expr/functions.h"
#include "expr/parser.h"
#include "expr/read_real.h"
#include "expr/regex.h"
#include "expr/reserved.h"

namespace orc {
namespace {

Node LiteralNode(const Token& token, Value value) {
  Node node;
  node.literal = std::move(value);
  node.begin = node.offset = token.begin;
  return node;
}

/// The magnitude of an integer as it is written; nothing when it does not fit into 64 bits.
std::optional<uint64_t> ReadMagnitude(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Value> ReadInt(std::string_view text, bool is_negative) {
  const auto magnitude = ReadMagnitude(text);
  constexpr uint64_t kMost = static_cast<uint64_t>(INT64_MAX);
  if (!magnitude || *magnitude > kMost + (is_negative ? 1 : 0)) return std::nullopt;
  return Value::Int(static_cast<int64_t>(is_negative ? ~*magnitude + 1 : *magnitude));
}

}  // namespace

NodeId Parser::ParseMember() {
  NodeId node = ParsePrimary();
  while (!failed()) {
    if (Peek().Is(".")) {
      node = ParseSelect(node);
    } else if (Peek().Is("[")) {
      node = ParseIndex(node);
    } else {
      break;
    }
  }
  return node;
}

NodeId Parser::ParsePrimary() {
  const Token& token = Peek();
  switch (token.kind) {
    case Token::Kind::kString:
      return Take(), Add(LiteralNode(token, Value::String(token.text)));
    case Token::Kind::kBytes:
      return Take(), Add(LiteralNode(token, Value::Bytes(token.text)));
    case Token::Kind::kInt:
    case Token::Kind::kUint:
    case Token::Kind::kDouble:
      return ParseNumber(false);
    case Token::Kind::kName:
      return ParseName();
    default:
      break;
  }
  if (token.Is("-")) return ParseNumber(true);
  if (token.Is("[")) return ParseList();
  if (token.Is("{")) return ParseMap();
  if (token.Is(".") && Peek(1).kind == Token::Kind::kName) return ParseRootedName();
  if (!token.Is("(")) return Fail(token.begin, "a value is expected, found " + Found());
  const uint32_t begin = Take().begin;
  const NodeId inner = ParseExpression();
  if (failed() || !Expect(")", "after the expression in parentheses")) return 0;
  // What is to be put in the place of the expression takes the place of its parentheses too.
  tree_.nodes[inner].begin = begin;
  tree_.nodes[inner].end = tokens_[at_ - 1].end;
  return inner;
}

NodeId Parser::ParseRootedName() {
  const uint32_t begin = Take().begin;
  const NodeId node = ParseName();
  if (!failed()) tree_.nodes[node].begin = begin;
  return node;
}

NodeId Parser::ParseNumber(bool is_negative) {
  const uint32_t begin = Peek().begin;
  if (is_negative) Take();
  const Token& token = Take();
  const std::string shown = (is_negative ? "-" : "") + token.text;
  std::optional<Value> value;
  if (token.kind == Token::Kind::kDouble) {
    if (const auto number = ReadReal(token.text)) value = Value::Double(is_negative ? -*number : *number);
  } else if (token.kind == Token::Kind::kUint) {
    if (const auto magnitude = ReadMagnitude(token.text)) value = Value::Uint(*magnitude);
  } else {
    value = ReadInt(token.text, is_negative);
  }
  if (!value) return Fail(begin, "the number " + shown + " is out of range");
  Node node = LiteralNode(token, *std::move(value));
  node.begin = begin;
  return Add(std::move(node));
}

NodeId Parser::ParseList() {
  Node node;
  node.kind = Node::Kind::kList;
  node.begin = node.offset = Take().begin;
  while (!failed() && !Peek().Is("]")) {
    node.optional_children.push_back(TakeSign("?"));
    node.children.push_back(ParseExpression());
    if (!TakeSign(",")) break;
  }
  if (failed() || !Expect("]", "at the end of the list")) return 0;
  return Add(std::move(node));
}

NodeId Parser::ParseMap() {
  Node node;
  node.kind = Node::Kind::kMap;
  node.begin = node.offset = Take().begin;
  while (!failed() && !Peek().Is("}")) {
    node.optional_children.push_back(TakeSign("?"));
    node.children.push_back(ParseExpression());
    if (failed() || !Expect(":", "between key and value")) return 0;
    node.children.push_back(ParseExpression());
    if (!TakeSign(",")) break;
  }
  if (failed() || !Expect("}", "at the end of the map")) return 0;
  return Add(std::move(node));
}

NodeId Parser::ParseName() {
  const Token& token = Take();
  if (token.text == "true" || token.text == "false") return Add(LiteralNode(token, Value::Bool(token.text == "true")));
  if (token.text == "null") return Add(LiteralNode(token, Value()));
  if (IsReservedWord(token.text)) return Fail(token.begin, "\"" + token.text + "\" is a reserved word");
  if (Peek().Is("(")) {
    if (token.text == "has") {
      if (const auto has = ParseHas(token)) return *has;
    }
    return ParseGlobalCall(token.text, token.begin);
  }
  Node node;
  node.begin = node.offset = token.begin;
  node.name = token.text;
  const auto local = FindLocal(token.text);
  node.kind = local ? Node::Kind::kLocal : Node::Kind::kName;
  node.slot = local.value_or(0);
  return Add(std::move(node));
}

NodeId Parser::ParseSelect(NodeId operand) {
  const uint32_t offset = Take().begin;
  const bool is_optional = TakeSign("?");
  const Token& name = Take();
  const bool is_name = name.kind == Token::Kind::kName || name.kind == Token::Kind::kQuotedName;
  if (!is_name) {
    --at_;
    return Fail(name.begin, "a name is expected after \".\", found " + Found());
  }
  const bool is_call = Peek().Is("(") && !is_optional && name.kind == Token::Kind::kName;
  if (is_call) return ParseMemberCall(operand, name);
  Node node;
  node.kind = Node::Kind::kSelect;
  node.begin = tree_.nodes[operand].begin;
  node.offset = offset;
  node.is_optional = is_optional;
  node.name = name.text;
  node.children = {operand};
  return Add(std::move(node));
}

NodeId Parser::ParseIndex(NodeId operand) {
  const uint32_t offset = Take().begin;
  const bool is_optional = TakeSign("?");
  const NodeId index = ParseExpression();
  if (failed() || !Expect("]", "after the index")) return 0;
  const NodeId node = Add(Node::Kind::kIndex, tree_.nodes[operand].begin, offset, {operand, index});
  if (!failed()) tree_.nodes[node].is_optional = is_optional;
  return node;
}

NodeId Parser::ParseMemberCall(NodeId target, const Token& name) {
  const uint32_t begin = tree_.nodes[target].begin;
  const std::string space = DottedName(target);
  if (space == "cel" && name.text == "bind") {
    if (const auto bind = ParseBind(begin)) return *bind;
  }
  const std::string dotted = space.empty() ? std::string() : space + "." + name.text;
  if (!dotted.empty() && FindFunction(dotted, false) != nullptr) return ParseGlobalCall(dotted, begin);
  if (const auto macro = ParseMacro(target, name)) return *macro;
  if (failed()) return 0;
  std::vector<NodeId> arguments = ParseArguments();
  if (failed()) return 0;
  arguments.insert(arguments.begin(), target);
  return MakeCall(name.text, true, std::move(arguments), begin, name.begin);
}

NodeId Parser::ParseGlobalCall(const std::string& name, uint32_t begin) {
  std::vector<NodeId> arguments = ParseArguments();
  return failed() ? 0 : MakeCall(name, false, std::move(arguments), begin, begin);
}

std::vector<NodeId> Parser::ParseArguments() {
  Take();
  std::vector<NodeId> arguments;
  while (!failed() && !Peek().Is(")")) {
    arguments.push_back(ParseExpression());
    if (!TakeSign(",")) break;
  }
  Expect(")", "after the arguments");
  return arguments;
}

NodeId Parser::MakeCall(const std::string& name, bool is_member, std::vector<NodeId> arguments, uint32_t begin, uint32_t offset) {
  Node node;
  node.kind = Node::Kind::kCall;
  node.begin = begin;
  node.offset = offset;
  node.name = name;
  node.function = FindFunction(name, is_member);
  const size_t count = arguments.size();
  node.children = std::move(arguments);
  const bool fits = node.function != nullptr && count >= node.function->least && count <= node.function->most;
  if (!fits) {
    node.kind = Node::Kind::kLate;
    if (!options_.late_names) {
      const std::string what = is_member ? "member function" : "function";
      const std::string nearest = node.function != nullptr ? "" : NearestName(name, FunctionNames(is_member));
      const std::string cause =
          node.function != nullptr
              ? name + "() does not take " + std::to_string(count - (is_member ? 1 : 0)) + " arguments"
              : "there is no " + what + " " + name + "()" + (nearest.empty() ? "" : " (did you mean " + nearest + "()?)");
      faults_.push_back({cause, offset, nearest});
    }
  }
  if (fits && name == "matches" && tree_.nodes[node.children[1]].kind == Node::Kind::kLiteral) {
    const Node& pattern = tree_.nodes[node.children[1]];
    auto compiled = pattern.literal.is(Value::Kind::kString) ? CompilePattern(pattern.literal.get_text()) : Error{};
    if (compiled.ok()) node.pattern = *std::move(compiled);
    if (!compiled.ok() && !compiled.error().message.empty()) faults_.push_back({compiled.error().message, pattern.offset});
  }
  return Add(std::move(node));
}

std::string Parser::DottedName(NodeId id) const {
  const Node& node = tree_.nodes[id];
  if (node.kind == Node::Kind::kName) return node.name;
  if (node.kind != Node::Kind::kSelect || node.is_optional) return {};
  const std::string before = DottedName(node.children.front());
  return before.empty() ? before : before + "." + node.name;
}

}  // namespace orc
