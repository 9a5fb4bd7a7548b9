#include "expr/expression.h"

#include "base/utf8.h"
#include "expr/ast.h"
#include "expr/evaluator.h"
#include "expr/lexer.h"
#include "expr/parser.h"
#include "expr/residual.h"

namespace orc {
namespace {

Error CompileError(const std::string& source, const std::vector<SourceFault>& faults) {
  Error error = FaultError(source, {faults.front().cause, faults.front().offset});
  error.problems.clear();
  for (const SourceFault& fault : faults) error.problems.push_back({"", fault.cause, PlaceIn(source, fault.offset), fault.suggestion});
  return error;
}

}  // namespace

Result<Scope::Found> EmptyScope::Find(std::span<const PathPart> path) const {
  return Error{ErrorCode::kInvalid, "there is no variable \"" + std::get<std::string>(path.front()) + "\""};
}

Expression::Expression(std::string source, std::unique_ptr<const Tree> tree) : source_(std::move(source)), tree_(tree.release()) {}

void Expression::DeleteTree::operator()(const Tree* tree) const { delete tree; }

Result<std::shared_ptr<const Expression>> Expression::Compile(std::string_view source) { return Compile(source, Options{}); }

Result<std::shared_ptr<const Expression>> Expression::Compile(std::string_view source, const Options& options) {
  if (source.size() > options.limits.max_source_bytes) {
    return Error{ErrorCode::kInvalid, "an expression has at most " + std::to_string(options.limits.max_source_bytes) + " bytes, found " +
                                          std::to_string(source.size())};
  }
  std::string text(source);
  if (const size_t bad = FindBadUtf8(text); bad != text.size())
    return CompileError(ToStorableText(text), {{"the bytes are no UTF-8", static_cast<uint32_t>(bad)}});
  Lexed lexed = Lex(text);
  if (lexed.fault) return CompileError(text, {{lexed.fault->cause, lexed.fault->offset}});
  Parser parser(text, std::move(lexed.tokens), {options.limits.max_depth, options.late_names});
  auto tree = std::make_unique<Tree>(parser.Run());
  if (!parser.faults().empty()) return CompileError(text, parser.faults());
  ResolveNames(*tree);
  return std::shared_ptr<const Expression>(new Expression(std::move(text), std::move(tree)));
}

Result<Value> Expression::Evaluate(const Scope& scope, Budget& budget) const {
  Value value = Evaluator(*tree_, scope, budget).Run();
  if (value.is_error()) return FaultError(source_, value.get_fault());
  return value;
}

Result<Value> Expression::Evaluate(const Scope& scope) const {
  Budget budget;
  return Evaluate(scope, budget);
}

void Expression::ForEachUse(const std::function<void(const Use& use)>& visit) const {
  for (const VariableUse& use : tree_->uses) visit({use.path, use.begin, use.end});
}

bool Expression::HasVariables() const { return !tree_->uses.empty(); }

Result<std::string> Expression::Residual(const KnownName& is_known, const Scope& scope, Budget& budget) const {
  return ResidualWriter(source_, *tree_, is_known, scope, budget).Write();
}

}  // namespace orc
