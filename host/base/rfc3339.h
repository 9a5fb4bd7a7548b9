// Times as clients write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orc {

/// "2026-11-23T08:00:00.5+01:00" as microseconds since the epoch. A space is taken for the "+" of the offset: that is what a query
/// makes of one that was not encoded. Fractions beyond microseconds are cut.
std::optional<int64_t> ParseRfc3339(std::string_view text);

struct Instant {
  int64_t unix_s = 0;
  int32_t nanos = 0;  // 0 … 999,999,999
};
/// As RFC 3339 has it: no spaces, no leap second; fractions beyond nanoseconds are cut.
std::optional<Instant> ParseRfc3339Exactly(std::string_view text);

}  // namespace orc
