// Makes a JSON Schema safe before valijson sees it. Schemas come from clients too (a template's params): none may crash the
// process, keep a thread for long, or reach out of its document.
#pragma once

#include <string_view>

#include "base/json.h"

namespace orc {

/// Keywords that are renamed to ones of our own, checked by constraints of our own in json_schema.cpp.
inline constexpr std::string_view kPatternKeyword = "x-orc-pattern";       // RE2: linear time
inline constexpr std::string_view kUniqueKeyword = "x-orc-unique-items";   // a sorted set, not each with each
inline constexpr std::string_view kTypeKeyword = "x-orc-type";             // 1.0 is an integer, and so is 2^64 - 1
inline constexpr std::string_view kMultipleKeyword = "x-orc-multiple-of";  // 4.35 is a multiple of 0.01
/// [own, for each child]: what one visit of this schema costs. Put into the first element of `allOf`, which valijson judges first.
inline constexpr std::string_view kCostKeyword = "x-orc-cost";

/// A schema with every `$ref` into another file of `resolve_dir` brought in and the keywords above renamed; `format` (a remark in
/// draft-07) and `$id` are left out. kInvalid lists every fault: a remote or dangling `$ref`, one that leads back to itself without
/// stepping into the value, a pattern that RE2 refuses, `patternProperties`, keywords of the wrong type, schemas beyond the limits.
Result<Json> PrepareSchema(std::string_view name, const Json& schema, std::string_view resolve_dir);

/// The value that an RFC 6901 pointer ("/definitions/x") names in `document`, or null.
const Json* ResolvePointer(const Json& document, std::string_view pointer);

/// The part of a prepared schema that speaks about the value at `pointer` of an instance: through properties, items,
/// additionalProperties and `$ref`. Null when it can't be told.
const Json* SubschemaAt(const Json& schema, std::string_view pointer);

/// `value` with integral doubles as integers and integers above 2^63 as doubles, as valijson understands numbers; the size is that of
/// the whole tree.
Json NormalNumbers(const Json& value);
size_t CountValues(const Json& value);

}  // namespace orc
