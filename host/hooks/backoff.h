// How long to wait after failures in a row.
#pragma once

#include <cstdint>

namespace orc {

inline constexpr int64_t kFirstBackoffMs = 250;
inline constexpr int64_t kLongestBackoffMs = 60'000;

/// 250 ms after the first failure, doubling to 60 s; `random` takes up to a quarter off, so that many senders do not meet again.
/// `failures` is at least 1.
int64_t BackoffMs(int failures, uint64_t random);

}  // namespace orc
