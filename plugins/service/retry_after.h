// When the far side wants to be asked again.
#pragma once

#include <cstdint>
#include <string_view>

namespace orc::service {

/// Milliseconds from `now_us` (since the Unix epoch) that a Retry-After header asks for: seconds, or an HTTP-date in any of the three
/// forms of RFC 9110. A date that has passed gives 0; what is neither, and an empty text, gives -1. At most a year.
int64_t RetryAfterMs(std::string_view header, int64_t now_us);

/// Seconds since the Unix epoch of an HTTP-date; -1 when it is none.
int64_t HttpDateSeconds(std::string_view text);

}  // namespace orc::service
