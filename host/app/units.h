// Durations and sizes as people write them in a configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace orc {

/// Milliseconds of "500ms", "5s", "1.5m", "1h", or of a number (milliseconds). kUnreadable when it is none of these, kTooLarge.
Result<int64_t> ReadDurationMs(const Json& value);

/// Bytes of "64KiB", "2MiB", "1GiB", "10B", or of a number. Fails likewise.
Result<int64_t> ReadSize(const Json& value);

}  // namespace orc
