#include "hooks/backoff.h"

#include <algorithm>

namespace orc {

int64_t BackoffMs(int failures, uint64_t random) {
  const int doublings = std::clamp(failures - 1, 0, 16);
  const int64_t whole = std::min(kFirstBackoffMs << doublings, kLongestBackoffMs);
  return whole - static_cast<int64_t>(random % static_cast<uint64_t>(whole / 4 + 1));
}

}  // namespace orc
