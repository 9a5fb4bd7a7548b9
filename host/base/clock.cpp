#include "base/clock.h"

#include <cstdio>
#include <ctime>

namespace orc {
namespace {

int64_t ReadUs(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000;
}

}  // namespace

int64_t SystemClock::NowUs() const { return ReadUs(CLOCK_REALTIME); }

// CLOCK_BOOTTIME goes on while the machine sleeps, so a lease does not outlive a suspend.
int64_t SystemClock::SteadyUs() const { return ReadUs(CLOCK_BOOTTIME); }

std::string FormatTime(int64_t us) {
  int64_t seconds = us / 1'000'000;
  int64_t rest = us % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  const time_t time = seconds;
  tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(rest));
  return text;
}

}  // namespace orc
