// One expression of CEL, compiled once and evaluated many times.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/budget.h"
#include "expr/scope.h"
#include "expr/value.h"

namespace orc {

struct Tree;
struct VariableUse;

/// Whether a variable of that name can be evaluated now.
using KnownName = std::function<bool(std::string_view name)>;

/// Immutable; any number of threads may evaluate it at once.
class Expression {
 public:
  struct Options {
    ExpressionLimits limits = {};
    bool late_names = false;  // calls of unknown functions fail when they are evaluated, not here: as CEL itself has it
  };
  /// kInvalid lists every fault, each with its place and, of an unknown function, with the nearest known one.
  static Result<std::shared_ptr<const Expression>> Compile(std::string_view source, const Options& options);
  static Result<std::shared_ptr<const Expression>> Compile(std::string_view source);

  /// The error has `problems[0].place`; kInvalid, or kTooLarge when the budget is used up.
  Result<Value> Evaluate(const Scope& scope, Budget& budget) const;
  /// With a budget of its own.
  Result<Value> Evaluate(const Scope& scope) const;

  const std::string& source() const { return source_; }

  /// One use of a free variable: the longest path of constants behind it, and where it stands in the source.
  struct Use {
    std::span<const PathPart> path;
    size_t begin;
    size_t end;
  };
  void ForEachUse(const std::function<void(const Use& use)>& visit) const;
  bool HasVariables() const;

  /// What is left to be evaluated by somebody else: the source with everything that follows from the known variables replaced by a literal
  /// of its value.
  Result<std::string> Residual(const KnownName& is_known, const Scope& scope, Budget& budget) const;

 private:
  Expression(std::string source, std::unique_ptr<const Tree> tree);
  struct DeleteTree {
    void operator()(const Tree* tree) const;
  };

  std::string source_;
  std::unique_ptr<const Tree, DeleteTree> tree_;
};

/// `value` as a literal that reads back as the same value. An error for an optional.
Result<std::string> LiteralOf(const Value& value, Budget& budget);

}  // namespace orc
