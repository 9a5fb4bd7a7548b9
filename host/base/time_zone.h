// Time zones of the system's tz database, by Abseil: what the clocks on the wall say somewhere, and when they say it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace orc {

/// What calendar and clock show, by the Gregorian calendar.
struct CivilTime {
  int64_t year = 1970;
  int month = 1;  // 1 … 12
  int day = 1;    // 1 … 31
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool operator==(const CivilTime&) const = default;
};

/// 0 is Sunday.
int WeekdayOf(const CivilTime& date);
/// 1 is the first of January.
int DayOfYear(const CivilTime& date);
/// 28 … 31
int DaysInMonth(int64_t year, int month);

/// Cheap to copy; thread-safe.
class TimeZone {
 public:
  /// UTC.
  TimeZone();
  /// "Europe/Berlin", "UTC", or a fixed offset: "+02:00", "-5:30", "02:00". kNotFound when the system's tz database has no such zone.
  static Result<TimeZone> Find(const std::string& name);

  /// What the clocks show `unix_s` seconds after the epoch.
  CivilTime At(int64_t unix_s) const;

  /// When the clocks show `local`; a day, hour … that is out of range counts on (the 32nd of January is the 1st of February).
  struct Instants {
    enum class Kind { kOnce, kSkipped, kTwice };
    Kind kind = Kind::kOnce;
    int64_t unix_s = 0;  // once: then. Skipped: the first instant after the gap. Twice: the earlier one
  };
  Instants When(const CivilTime& local) const;

  /// When the clocks are next set, after `unix_s`: the first second that has the new offset. Nothing when they never are. What merely gives
  /// the zone another name may be told too.
  std::optional<int64_t> NextChange(int64_t unix_s) const;

  /// Every zone of the system's tz database, in no order; reads its folder. For suggestions.
  static std::vector<std::string> Names();

  /// "Europe/Berlin", "UTC", "Fixed/UTC+02:00:00".
  std::string name() const;

 private:
  struct Zone;
  explicit TimeZone(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}
  std::shared_ptr<const Zone> zone_;
};

}  // namespace orc
