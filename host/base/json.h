// The one JSON wrapper. Faithful: integers outside 64 bits are an error and never another number, 1.0 stays 1.0,
// duplicate keys, nesting over the limit and bad UTF-8 are errors with line and column.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace orc {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

struct JsonLimits {
  size_t max_depth = 64;
  size_t max_bytes = 64u << 20;
};
/// Of what the program printed itself: a list of outputs nests one level deeper than they do.
inline constexpr JsonLimits kOwnJson{.max_depth = 80};

/// Reads one document (any value at the top). kUnreadable with "line 3, column 7: …" otherwise; kTooLarge over max_bytes.
Result<Json> ParseJson(std::string_view text, const JsonLimits& limits = {});

/// The same judgement without building a value: for documents that only pass through as text.
Result<void> CheckJson(std::string_view text, const JsonLimits& limits = {});

/// Compact text; doubles in the shortest form that reads back the same, always with '.' or 'e'.
std::string PrintJson(const Json& value);
void PrintJsonTo(std::string& out, const Json& value);

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);

/// `text` with every byte sequence that is not UTF-8, and every NUL, replaced by U+FFFD: what may be stored as text.
std::string ToStorableText(std::string_view text);
bool IsUtf8(std::string_view text);

/// The member, or nullptr when `value` is no object or has none of that name.
const Json* Find(const Json& value, std::string_view key);
/// The member's text, or `fallback` when it is absent or no string.
std::string_view StringAt(const Json& value, std::string_view key, std::string_view fallback = {});
/// The member as a 64-bit integer; nothing when absent, fractional, text or out of range.
std::optional<int64_t> IntAt(const Json& value, std::string_view key);
bool BoolAt(const Json& value, std::string_view key, bool fallback);

/// Whether arrays and objects stand in one another more than `levels` deep.
bool IsDeeperThan(const Json& value, size_t levels);

/// Deep equality by meaning: numbers by value (1 equals 1.0), objects whatever the order of their keys.
bool JsonEquals(const Json& a, const Json& b);

/// "an object", "the string \"abc\"", "the number 7": for messages that say what was found.
std::string DescribeJson(const Json& value);

/// Appends one RFC 6901 reference token to `pointer`, escaped.
void AppendPointer(std::string& pointer, std::string_view token);
std::string Pointer(std::string_view base, std::string_view token);
std::string Pointer(std::string_view base, size_t index);

}  // namespace orc
