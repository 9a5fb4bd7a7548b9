// Cron expressions: when a schedule is due.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"

namespace orc {

/// `minute hour day-of-month month day-of-week`, or six fields with the seconds before them, or @hourly, @daily, @weekly, @monthly,
/// @yearly. A field is a list of values, ranges and steps; months and days of the week have names. Plain values: cheap to copy,
/// thread-safe.
///
/// Where both day fields are restricted (neither begins with `*`), a day that fits one of them is enough. What the clocks do:
/// - a schedule that names every hour goes by the clocks at each instant: all instants at which they show a time that fits, each once;
///   nothing is made up for what they skip;
/// - any other is about times of the day: each runs once. One that the clocks skip runs at the first instant after the gap, one that they
///   show twice runs the first time.
class Cron {
 public:
  /// kInvalid: which field, what was found, what is expected; or that it never fires.
  static Result<Cron> Parse(std::string_view text);

  /// The first instant after `unix_s`. Nothing after the year 9999.
  std::optional<int64_t> Next(int64_t unix_s, const TimeZone& zone) const;
  /// The last instant in (`after_s`, `unix_s`]; nothing when there is none.
  std::optional<int64_t> Last(int64_t after_s, int64_t unix_s, const TimeZone& zone) const;

 private:
  // Bit n: the value n fits. Days of the week are 0 (Sunday) … 6.
  uint64_t seconds_ = 1;
  uint64_t minutes_ = 0;
  uint64_t hours_ = 0;
  uint64_t days_ = 0;
  uint64_t months_ = 0;
  uint64_t weekdays_ = 0;
  bool either_day_ = false;  // day of month or day of week is enough

  bool FitsDay(const CivilTime& day) const;
  bool NamesEveryHour() const { return hours_ == (uint64_t{1} << 24) - 1; }
  /// The first time from `from` on that fits, by the calendar alone; nothing within so many months.
  std::optional<CivilTime> NextLocal(CivilTime from, int months) const;
  std::optional<int64_t> NextByInstants(int64_t unix_s, const TimeZone& zone) const;
  std::optional<int64_t> NextByTimesOfDay(int64_t unix_s, const TimeZone& zone) const;
};

}  // namespace orc
