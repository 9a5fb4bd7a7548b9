// Times and durations as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expr/value.h"

namespace orc {

/// RFC 3339 to the nanosecond; nothing when it is none, or outside of the years 1 to 9999.
std::optional<Timestamp> ParseTimestamp(std::string_view text);
/// In UTC, with as many digits of the fraction as it has (in threes).
std::string FormatTimestamp(Timestamp time);
bool IsInRange(Timestamp time);

/// "1h1.5s", "-300ms", "0": nanoseconds; nothing when it is none, or over 292 years.
std::optional<int64_t> ParseDuration(std::string_view text);
/// "3661.5s"
std::string FormatDuration(int64_t nanos);

}  // namespace orc
