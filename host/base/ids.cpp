#include "base/ids.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace orc {
namespace {

uint64_t Mix(uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdull;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ull;
  return h ^ (h >> 33);
}

uint64_t SystemSeed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) | device();
}

}  // namespace

IdSource::IdSource(const Clock& clock, uint64_t seed) : clock_(clock), random_(seed != 0 ? seed : SystemSeed()) {}

std::string IdSource::New(std::string_view prefix) {
  const uint64_t now = static_cast<uint64_t>(clock_.NowUs() / 1'000) << 12;
  uint64_t last = last_.load(std::memory_order_relaxed);
  uint64_t next = 0;
  // A full counter borrows from the next millisecond: ids ascend even when the clock stands still or steps back.
  do {
    next = std::max(now, last + 1);
  } while (!last_.compare_exchange_weak(last, next, std::memory_order_relaxed));
  const uint64_t random = Mix(random_.fetch_add(0x9e3779b97f4a7c15ull, std::memory_order_relaxed));
  const uint64_t tail = (random >> 2) | (1ull << 63);  // the variant bits of a UUID
  char text[40];
  std::snprintf(text, sizeof text, "%012llx7%03llx%016llx", static_cast<unsigned long long>(next >> 12),
                static_cast<unsigned long long>(next & 0xfff), static_cast<unsigned long long>(tail));
  return std::string(prefix) + text;
}

uint64_t StableHash(std::string_view text) {
  uint64_t hash = 1469598103934665603ull;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ull;
  }
  return Mix(hash);
}

}  // namespace orc
