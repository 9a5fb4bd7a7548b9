// Between values and JSON.
#pragma once

#include <string>

#include "base/json.h"
#include "expr/budget.h"
#include "expr/value.h"

namespace orc {

/// What a value is in JSON: bytes as base64, times as RFC 3339, durations as "3.5s", a type by its name, keys as text. kInvalid for what
/// JSON cannot say (NaN, infinity, an optional, two keys of one spelling), kTooLarge over the budget or deeper than JSON documents may be.
Result<Json> ToJson(const Value& value, Budget& budget);

/// What mixed text shows of it: a string as it is, anything else as ToJson's text, strings in it (times, bytes …) without quotes.
Result<std::string> ToText(const Value& value, Budget& budget);

std::string EncodeBase64(std::string_view bytes);
/// Nothing when it is none. Padding may be left out.
std::optional<std::string> DecodeBase64(std::string_view text);

/// The shortest text that reads back the same: "1.5", "1e+100", "NaN".
std::string FormatDouble(double number);

}  // namespace orc
