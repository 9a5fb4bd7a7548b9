// Templates: `{{ path }}` inside the strings of a JSON document, compiled once, evaluated many times.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "expr/scope.h"

namespace orc {

/// What one evaluation may put into a document, all values together: a value of a megabyte can be named thousands of times.
inline constexpr size_t kMaxFilledBytes = 8u << 20;

/// A field path such as `steps["call ai-router"].output.choices[0].text`: the strict subset of CEL that comes first.
struct FieldPath {
  std::vector<PathPart> parts;  // never empty; the first is a name
  std::string source;           // as written, for messages

  /// kInvalid with the column (1-based, in `source`) of the fault.
  static Result<FieldPath> Parse(std::string_view source);
  /// kInvalid when something on the way is missing or of the wrong type; says which part.
  Result<Json> Evaluate(const Scope& scope) const;
};

/// A string that is nothing but one `{{ … }}` keeps the type of the value; in mixed text the value is written as text, and
/// objects as JSON. `{{{{` writes a literal `{{`. Immutable, thread-safe.
class Template {
 public:
  /// Compiles every string of `document`; kInvalid lists every fault with its pointer below `base`.
  static Result<Template> Compile(const Json& document, std::string_view base = {});

  /// False: the document has no expression, and Evaluate would give it back unchanged (`{{{{` counts as one).
  bool has_expressions() const { return !sites_.empty(); }
  /// The document filled in. The error's `problems[0].pointer` says where; kTooLarge over kMaxFilledBytes.
  Result<Json> Evaluate(const Scope& scope) const;
  /// Fills in only the expressions whose first name is `root`; all others stay as they are written.
  Result<Json> EvaluateOnly(std::string_view root, const Scope& scope) const;

  /// Every path with the pointer of the string that holds it: for checks at store time.
  void ForEachPath(const std::function<void(const std::string& pointer, const FieldPath& path)>& visit) const;

 private:
  struct Piece {
    std::string literal;
    std::shared_ptr<const FieldPath> path;  // null: the piece is literal
  };
  struct Site {
    std::vector<PathPart> where;
    std::string pointer;
    std::vector<Piece> pieces;
  };
  Result<Json> Fill(const Scope& scope, std::string_view only_root) const;
  static Result<Json> FillSite(const Site& site, const Scope& scope, size_t& bytes_left);
  static Result<Json> FillSiteOnly(const Site& site, const Scope& scope, std::string_view root, size_t& bytes_left);

  Json document_;
  std::vector<Site> sites_;
};

/// True for a string that holds an expression: what a schema takes as valid until it is filled in.
bool IsTemplated(const Json& value);

}  // namespace orc
