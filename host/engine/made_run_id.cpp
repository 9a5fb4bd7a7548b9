#include "engine/made_run_id.h"

#include <cstdio>

#include "base/ids.h"

namespace orc {

std::string MadeRunId(int64_t now_us, std::string_view seed) {
  // The shape of a UUIDv7: 48 bits of milliseconds, the version, and here a hash in the place of the random bits.
  const uint64_t high = StableHash(seed);
  const uint64_t low = StableHash(std::string(seed) + "\n");
  char text[40];
  std::snprintf(text, sizeof text, "%012llx7%03llx%016llx", static_cast<unsigned long long>(now_us / 1000) & 0xffff'ffff'ffffULL,
                static_cast<unsigned long long>(high & 0xfff),
                static_cast<unsigned long long>((low & 0x3fff'ffff'ffff'ffffULL) | 0x8000'0000'0000'0000ULL));
  return std::string(kRunPrefix) + text;
}

}  // namespace orc
