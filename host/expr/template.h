// Templates: `{{ expression }}` inside the strings of a JSON document, compiled once, evaluated many times.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "expr/expression.h"

namespace orc {

/// What one evaluation may put into a document, all values together: a value of a megabyte can be named thousands of times.
inline constexpr size_t kMaxFilledBytes = 8u << 20;

/// A string that is nothing but one `{{ … }}` keeps the type of the value; in mixed text the value is written as text, and
/// objects as JSON. `{{{{` writes a literal `{{`. Immutable, thread-safe.
class Template {
 public:
  /// Compiles every string of `document`; kInvalid lists every fault with its pointer below `base` and its place in the expression.
  static Result<Template> Compile(const Json& document, std::string_view base = {});

  /// False: the document has no expression, and Evaluate would give it back unchanged (`{{{{` counts as one).
  bool has_expressions() const { return !sites_.empty(); }
  /// The document filled in. The error's `problems[0]` says where, pointer and place; kTooLarge over kMaxFilledBytes.
  Result<Json> Evaluate(const Scope& scope) const;
  /// Fills in what can be said with the variables that are known; the rest stays a template, to be filled in later. A value's own `{{` is
  /// escaped, so that it is no expression then.
  Result<Json> EvaluateKnown(const KnownName& is_known, const Scope& scope) const;

  /// Every expression with the pointer of the string that holds it.
  void ForEachExpression(const std::function<void(const std::string& pointer, const Expression& expression)>& visit) const;
  /// Whether some expression uses a variable of that name.
  bool Names(std::string_view variable) const;

 private:
  struct Piece {
    std::string literal;
    std::shared_ptr<const Expression> expression;  // null: the piece is literal
  };
  struct Site {
    std::vector<PathPart> where;
    std::string pointer;
    std::vector<Piece> pieces;
  };
  template <typename Filler>
  Result<Json> Fill(const Filler& fill) const;
  static Result<Json> FillSite(const Site& site, const Scope& scope, Budget& budget);
  static Result<Json> FillKnown(const Site& site, const KnownName& is_known, const Scope& scope, Budget& budget);

  Json document_;
  std::vector<Site> sites_;
};

/// True for a string that holds an expression: what a schema takes as valid until it is filled in.
bool IsTemplated(const Json& value);

}  // namespace orc
