// A YAML file as JSON, with the place of every value in the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/substitute.h"
#include "base/json.h"

namespace orc {

/// 1-based.
struct SourcePosition {
  int line = 1;
  int column = 1;
};

/// One fault of a file, at a place in it.
struct SourceFault {
  SourcePosition position;
  std::string message;
};

struct YamlDocument {
  Json value;                                    // an object, or what else stands at the top; null for an empty file
  std::map<std::string, SourcePosition> keys;    // by JSON pointer: where the member's name stands
  std::map<std::string, SourcePosition> values;  // by JSON pointer: where the value begins
  std::vector<SourceFault> faults;               // any: `value` is not to be used

  /// The place of the member's name when `pointer` names a member, else of the value; of the nearest parent when it is unknown.
  SourcePosition PlaceOf(const std::string& pointer) const;
};

inline constexpr size_t kMaxYamlBytes = 1u << 20;
inline constexpr int kMaxYamlNodes = 20'000;  // aliases count each time they are used
inline constexpr int kMaxYamlDepth = 32;

/// Reads one document; every fault at once (a syntax error ends the reading). Scalars that are not quoted become null, booleans and
/// numbers as YAML 1.2's core schema says; `${NAME}` is filled in from `environment` before.
YamlDocument ReadYaml(std::string_view text, const Environment& environment);

}  // namespace orc
