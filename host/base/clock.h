// Time comes from an injected clock, so that tests and the simulator own it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace orc {

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Microseconds since the Unix epoch; may step when the machine's clock is set.
  virtual int64_t NowUs() const = 0;
  /// Microseconds that never go back (CLOCK_BOOTTIME); for durations.
  virtual int64_t SteadyUs() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t NowUs() const override;
  int64_t SteadyUs() const override;
};

/// Stands still until it is told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_us = 1'700'000'000'000'000) : now_us_(now_us) {}
  int64_t NowUs() const override { return now_us_; }
  int64_t SteadyUs() const override { return now_us_; }
  void Advance(int64_t us) { now_us_ += us; }

 private:
  std::atomic<int64_t> now_us_;
};

/// RFC 3339 in UTC with microseconds ("2026-11-23T08:00:00.123456Z"): the one form in which a time is shown.
std::string FormatTime(int64_t us);

}  // namespace orc
