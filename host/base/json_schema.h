// JSON Schema (draft-07) by valijson, in one translation unit, made safe: schemas are linted before they are compiled
// ($ref loops and remote $refs refused), `pattern` runs on RE2 (linear time), `uniqueItems` is capped.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace orc {

/// A compiled schema. Immutable and shared; Validate may be called by any number of threads at once.
class JsonSchema {
 public:
  /// `name` is for messages (a file's path, an action's name). kInvalid with every fault of the schema.
  /// Local `$ref`s ("#/definitions/x") work; `resolve_dir`, when given, is the folder in which "other.json#/…" is looked up,
  /// never outside of it.
  static Result<std::shared_ptr<const JsonSchema>> Compile(std::string_view name, const Json& schema, std::string_view resolve_dir = {});
  virtual ~JsonSchema() = default;

  /// Every fault of `value`, each with its RFC 6901 pointer below `base` and a sentence that says what was found and what was
  /// expected. Empty: valid. Values for which `is_open` is true (templates that are filled in later) count as valid.
  /// One with too many faults gets kMoreFaults as its last, with the pointer `base`.
  static constexpr std::string_view kMoreFaults = "has more faults than these; the check was ended";
  using OpenValue = bool (*)(const Json& value);
  virtual std::vector<Problem> Validate(const Json& value, std::string_view base = {}, OpenValue is_open = nullptr) const = 0;

  /// The names under "properties" of the top-level schema: to suggest near ones. None when it says something about
  /// additionalProperties or patternProperties: then it judges other names itself.
  virtual std::vector<std::string> PropertyNames() const = 0;
};

}  // namespace orc
