// Where in a JSON Schema (draft-07) its schemas lie: the one list of keywords that every pass over a schema follows.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/json.h"

namespace orc {

/// How a keyword's value holds schemas, and whether they judge the same value as their parent or one inside of it.
struct SchemaKeyword {
  const char* name;
  bool one;          // a schema
  bool list;         // an array of schemas
  bool map;          // an object of schemas
  bool same_value;   // judges what its parent judges
  bool conditional;  // what it demands may not hold for every value that its parent takes
};

inline constexpr std::array<SchemaKeyword, 16> kSchemaKeywords = {{
    {"allOf", false, true, false, true, false},
    {"anyOf", false, true, false, true, true},
    {"oneOf", false, true, false, true, true},
    {"not", true, false, false, true, true},
    {"if", true, false, false, true, true},
    {"then", true, false, false, true, true},
    {"else", true, false, false, true, true},
    {"dependencies", false, false, true, true, true},
    {"items", true, true, false, false, false},
    {"additionalItems", true, false, false, false, false},
    {"contains", true, false, false, false, true},
    {"additionalProperties", true, false, false, false, false},
    {"propertyNames", true, false, false, false, false},
    {"properties", false, false, true, false, false},
    {"definitions", false, false, true, false, false},
    {"$defs", false, false, true, false, false},
}};

/// Calls visit(child, keyword, pointer) for every schema right below `schema`; `pointer` begins with `base`. What has not the shape
/// that its keyword demands is passed over. `Object` is JsonObject or const JsonObject.
template <typename Object, typename Visit>
void ForEachSchemaBelow(Object& schema, const std::string& base, const Visit& visit) {
  for (const SchemaKeyword& keyword : kSchemaKeywords) {
    auto* value = schema.if_contains(keyword.name);
    if (value == nullptr) continue;
    const std::string at = Pointer(base, keyword.name);
    if (keyword.list && value->is_array()) {
      for (size_t i = 0; i < value->get_array().size(); ++i) visit(value->get_array()[i], keyword, Pointer(at, i));
    } else if (keyword.map && value->is_object()) {
      for (auto& member : value->get_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        const bool names_only = member.value().is_array() && std::string_view(keyword.name) == "dependencies";
        if (!names_only) visit(member.value(), keyword, Pointer(at, name));
      }
    } else if (keyword.one && !value->is_array()) {
      visit(*value, keyword, at);
    }
  }
}

}  // namespace orc
