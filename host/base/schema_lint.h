// Makes a JSON Schema safe before valijson sees it.
#pragma once

#include <string_view>

#include "base/json.h"

namespace orc {

/// What `pattern` and `uniqueItems` are renamed to: checked by constraints of our own (RE2, a sorted set).
inline constexpr std::string_view kPatternKeyword = "x-orc-pattern";
inline constexpr std::string_view kUniqueKeyword = "x-orc-unique-items";

/// A schema with every `$ref` into another file of `resolve_dir` brought in, patterns and uniqueItems renamed, `format` (a remark in
/// draft-07) left out. kInvalid lists every fault: a remote or dangling `$ref`, a `$ref` that leads back to itself without
/// stepping into the value, a pattern that RE2 refuses, `patternProperties`, keywords of the wrong type.
Result<Json> PrepareSchema(std::string_view name, const Json& schema, std::string_view resolve_dir);

/// The value that an RFC 6901 pointer ("/definitions/x") names in `document`, or null.
const Json* ResolvePointer(const Json& document, std::string_view pointer);

/// The part of a prepared schema that speaks about the value at `pointer` of an instance: through properties, items,
/// additionalProperties and `$ref`. Null when it can't be told.
const Json* SubschemaAt(const Json& schema, std::string_view pointer);

}  // namespace orc
