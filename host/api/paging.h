// The known query parameters, read with precise errors (kUnreadable).
#pragma once

#include <cstdint>
#include <string_view>

#include "api/target.h"
#include "base/result.h"
#include "engine/store.h"

namespace orc {

/// `limit` (50, at most 500) and `cursor`.
Result<Page> ReadPage(const Query& query);
Result<int> ReadLimit(const Query& query);
/// `count` (10, at most 100).
Result<int> ReadCount(const Query& query);
/// Present without a value, "true" or "1": true. "false", "0" or absent: false.
Result<bool> ReadFlag(const Query& query, std::string_view name);
/// A non-negative row id; `fallback` when absent.
Result<int64_t> ReadRowId(const Query& query, std::string_view name, int64_t fallback);
/// "10s", "500ms", "2m": microseconds, at most five minutes; 0 when absent.
Result<int64_t> ReadWait(const Query& query);
/// RFC 3339; microseconds since the epoch, 0 when absent.
Result<int64_t> ReadTime(const Query& query, std::string_view name);

}  // namespace orc
