// Open values (templates that are filled in later) and what may still become of a fault because of them.
#pragma once

#include <string>
#include <unordered_set>

#include "base/json_schema.h"

namespace orc {

/// A fault of the value itself, also when there are others inside of it: a missing field, an unknown one, a wrong size.
bool StandsAlone(const Problem& problem);
/// The text between the first and the last ' of one of valijson's messages.
std::string QuotedIn(const std::string& detail);
/// A value as JSON, shortened.
std::string DescribeValue(const Json& value);

/// Where a document holds open values. Lives no longer than its arguments.
class OpenPlaces {
 public:
  /// `is_open` may be null: nothing is open.
  OpenPlaces(const Json& schema, const Json& value, JsonSchema::OpenValue is_open);
  /// Whether the fault may be gone when the open values are filled in. When in doubt, yes: what is filled in is checked again.
  bool MayMend(const Problem& problem) const;

 private:
  bool Collect(const Json& value);
  bool Holds(const Json* value) const { return value != nullptr && holders_.count(value) != 0; }
  bool DependsOnOpen(const Problem& problem) const;
  bool IsCertain(const Problem& problem) const;

  const Json& schema_;
  const Json& value_;
  const JsonSchema::OpenValue is_open_;
  std::unordered_set<const Json*> holders_;  // open values, and all that holds one
};

}  // namespace orc
