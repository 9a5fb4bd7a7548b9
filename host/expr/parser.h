// From tokens to the tree. Recursive descent; macros are recognised as they are met, because their variables bind names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/ast.h"
#include "expr/budget.h"
#include "expr/lexer.h"

namespace orc {

/// Something wrong in the source.
struct SourceFault {
  std::string cause;
  uint32_t offset = 0;
  std::string suggestion = {};
};

/// One parse. A fault of the syntax ends it; names that are not known are gathered, and the parse goes on.
class Parser {
 public:
  struct Options {
    size_t max_depth = 150;
    bool late_names = false;  // calls of unknown functions fail when they are evaluated, not here
  };
  Parser(std::string_view source, std::vector<Token> tokens, const Options& options)
      : source_(source), tokens_(std::move(tokens)), options_(options) {}

  /// The tree, names not resolved yet; not to be used when there are faults.
  Tree Run();
  std::vector<SourceFault>& faults() { return faults_; }

 private:
  // parser.cpp: operators
  NodeId ParseExpression();
  NodeId ParseTernary();
  NodeId ParseOr();
  NodeId ParseAnd();
  NodeId ParseBinary(size_t level);
  NodeId ParseUnary();
  NodeId FoldSigns(size_t begin, size_t count, bool negate);

  // parse_member.cpp: what is primary, and what follows it
  NodeId ParseMember();
  NodeId ParsePrimary();
  NodeId ParseNumber(bool is_negative);
  NodeId ParseList();
  NodeId ParseMap();
  NodeId ParseName();
  NodeId ParseRootedName();  // .name
  NodeId ParseSelect(NodeId operand);
  NodeId ParseIndex(NodeId operand);
  NodeId ParseMemberCall(NodeId target, const Token& name);
  NodeId ParseGlobalCall(const std::string& name, uint32_t begin);
  NodeId MakeCall(const std::string& name, bool is_member, std::vector<NodeId> arguments, uint32_t begin, uint32_t offset);
  std::vector<NodeId> ParseArguments();
  /// "a.b" of names alone that are no macro's variables; "" for anything else.
  std::string DottedName(NodeId node) const;

  // parse_macro.cpp
  /// Nothing when it is no macro's name or the call does not look like one.
  std::optional<NodeId> ParseMacro(NodeId target, const Token& name);
  std::optional<NodeId> ParseHas(const Token& name);
  std::optional<NodeId> ParseBind(uint32_t begin);
  NodeId FinishMacro(Macro macro, NodeId range, std::vector<std::string> variables, uint32_t offset);
  std::optional<uint32_t> FindLocal(std::string_view name) const;

  // What all use.
  const Token& Peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& Take() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
  bool TakeSign(std::string_view sign);
  bool Expect(std::string_view sign, std::string_view where);
  bool failed() const { return stopped_; }
  NodeId Fail(uint32_t offset, std::string cause);
  std::string Found() const;
  NodeId Add(Node node);
  NodeId Add(Node::Kind kind, uint32_t begin, uint32_t offset, std::vector<NodeId> children);

  const std::string_view source_;
  const std::vector<Token> tokens_;
  const Options options_;
  size_t at_ = 0;
  size_t depth_ = 0;
  bool stopped_ = false;  // by a fault of the syntax
  Tree tree_;
  std::vector<std::string> locals_;
  std::vector<SourceFault> faults_;
};

/// Finds out what each name means: a type, or a free variable with the constant path that follows it.
void ResolveNames(Tree& tree);

}  // namespace orc
