// What an expression may see. expr knows nothing of workflows: whoever evaluates says what the names mean.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "base/result.h"
#include "expr/value.h"

namespace orc {

/// One step of a constant path: `.name`, `["name"]` or `[3]`.
using PathPart = std::variant<std::string, int64_t>;

/// Pure look-up; values live as long as the scope.
class Scope {
 public:
  struct Found {
    Value value = {};
    size_t consumed = 0;  // how many parts of the path led to it; the rest is walked inside the value
  };
  virtual ~Scope() = default;
  /// Resolves as much of `path` (its first part is the variable's name) as this scope keeps apart, e.g. "steps", "a", "output".
  /// kInvalid with a sentence when there is no such thing.
  virtual Result<Found> Find(std::span<const PathPart> path) const = 0;
};

/// For expressions without variables.
class EmptyScope final : public Scope {
 public:
  Result<Found> Find(std::span<const PathPart> path) const override;
};

}  // namespace orc
