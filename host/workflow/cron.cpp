#include "workflow/cron.h"

#include <bit>

namespace orc {
namespace {

constexpr int64_t kLastYear = 9'999;
constexpr int kLongestSearch = 12 * 50;  // months; 29 February on a Monday comes after forty years at the latest

/// The first value of `set` from `from` on; -1 when there is none.
int FirstFrom(uint64_t set, int from) {
  if (from > 63) return -1;
  const uint64_t left = set >> from;
  return left == 0 ? -1 : from + std::countr_zero(left);
}

const TimeZone& Utc() {
  static const TimeZone utc;
  return utc;
}

/// What the clocks show, as the seconds after the epoch at which those of UTC show it.
int64_t LocalSeconds(const CivilTime& local) { return Utc().When(local).unix_s; }

}  // namespace

bool Cron::FitsDay(const CivilTime& day) const {
  const bool by_month = (days_ >> day.day & 1) != 0;
  const bool by_week = (weekdays_ >> WeekdayOf(day) & 1) != 0;
  return either_day_ ? by_month || by_week : by_month && by_week;
}

std::optional<CivilTime> Cron::NextLocal(CivilTime from, int months) const {
  // Each level either keeps what `from` has, or takes a later value and everything below it from the beginning.
  int hour = FirstFrom(hours_, from.hour);
  int minute = hour == from.hour ? FirstFrom(minutes_, from.minute) : FirstFrom(minutes_, 0);
  int second = hour == from.hour && minute == from.minute ? FirstFrom(seconds_, from.second) : FirstFrom(seconds_, 0);
  if (second < 0) {
    minute = FirstFrom(minutes_, minute + 1);
    second = FirstFrom(seconds_, 0);
  }
  if (hour >= 0 && minute < 0) {
    hour = FirstFrom(hours_, hour + 1);
    minute = FirstFrom(minutes_, 0);
    second = FirstFrom(seconds_, 0);
  }
  const bool today = hour >= 0 && minute >= 0;
  CivilTime at{from.year, from.month, today ? from.day : from.day + 1, 0, 0, 0};
  for (int tried = 0; tried < months; ++tried) {
    if ((months_ >> at.month & 1) != 0) {
      for (const int days = DaysInMonth(at.year, at.month); at.day <= days; ++at.day) {
        if (!FitsDay(at)) continue;
        const bool is_first = today && at == CivilTime{from.year, from.month, from.day, 0, 0, 0};
        at.hour = is_first ? hour : FirstFrom(hours_, 0);
        at.minute = is_first ? minute : FirstFrom(minutes_, 0);
        at.second = is_first ? second : FirstFrom(seconds_, 0);
        return at;
      }
    }
    at = {at.month == 12 ? at.year + 1 : at.year, at.month == 12 ? 1 : at.month + 1, 1, 0, 0, 0};
  }
  return std::nullopt;
}

std::optional<int64_t> Cron::Next(int64_t unix_s, const TimeZone& zone) const {
  return NamesEveryHour() ? NextByInstants(unix_s, zone) : NextByTimesOfDay(unix_s, zone);
}

std::optional<int64_t> Cron::NextByInstants(int64_t unix_s, const TimeZone& zone) const {
  // From one change of the clocks to the next they are a constant apart from the instants.
  int64_t from = unix_s + 1;
  while (true) {
    const CivilTime shown = zone.At(from);
    const auto local = shown.year > kLastYear ? std::nullopt : NextLocal(shown, kLongestSearch);
    if (!local) return std::nullopt;
    const int64_t found = from + LocalSeconds(*local) - LocalSeconds(shown);
    const auto change = zone.NextChange(from);
    if (!change || *change > found) return found;
    from = *change;
  }
}

std::optional<int64_t> Cron::NextByTimesOfDay(int64_t unix_s, const TimeZone& zone) const {
  // In the second showing of an hour its times are tried one by one, and all have been: an hour of them at most.
  CivilTime from = zone.At(unix_s);
  while (true) {
    const auto local = from.year > kLastYear ? std::nullopt : NextLocal(from, kLongestSearch);
    if (!local) return std::nullopt;
    const int64_t found = zone.When(*local).unix_s;
    if (found > unix_s) return found;
    from = Utc().At(LocalSeconds(*local) + 1);
  }
}

std::optional<int64_t> Cron::Last(int64_t after_s, int64_t unix_s, const TimeZone& zone) const {
  // Next never goes down: the last one is found by halving.
  std::optional<int64_t> best = Next(after_s, zone);
  if (!best || *best > unix_s) return std::nullopt;
  int64_t low = *best;
  int64_t high = unix_s;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const auto next = Next(middle, zone);
    if (next && *next <= unix_s) {
      best = next;
      low = *next;
    } else {
      high = middle;
    }
  }
  return best;
}

}  // namespace orc
