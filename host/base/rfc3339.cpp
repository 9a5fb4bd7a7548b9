#include "base/rfc3339.h"

#include <chrono>

namespace orc {
namespace {

/// Eats from the front of a text; once something did not fit, nothing does.
struct Eater {
  std::string_view rest;
  bool fits = true;

  int64_t Digits(size_t count) {
    int64_t value = 0;
    if (rest.size() < count) fits = false;
    for (size_t i = 0; fits && i < count; ++i) {
      fits = rest[i] >= '0' && rest[i] <= '9';
      value = value * 10 + (rest[i] - '0');
    }
    if (fits) rest.remove_prefix(count);
    return value;
  }
  char OneOf(std::string_view choices) {
    fits = fits && !rest.empty() && choices.find(rest.front()) != std::string_view::npos;
    if (!fits) return '\0';
    const char found = rest.front();
    rest.remove_prefix(1);
    return found;
  }
  int32_t Nanos() {
    if (rest.empty() || rest.front() != '.') return 0;
    rest.remove_prefix(1);
    int32_t value = 0;
    size_t count = 0;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; ++count, rest.remove_prefix(1)) {
      if (count < 9) value = value * 10 + (rest.front() - '0');
    }
    fits = fits && count > 0;
    for (; count < 9; ++count) value *= 10;
    return value;
  }
};

/// What may stand where.
struct Manner {
  std::string_view before_time;
  std::string_view before_offset;
  int64_t most_seconds;
};
constexpr Manner kExact = {"Tt", "Zz+-", 59};
constexpr Manner kAsClientsWrite = {"Tt ", "Zz+- ", 60};

int64_t EatOffsetMinutes(Eater& eater, std::string_view signs) {
  const char sign = eater.OneOf(signs);
  if (!eater.fits || sign == 'Z' || sign == 'z') return 0;
  const int64_t hours = eater.Digits(2);
  eater.OneOf(":");
  const int64_t minutes = eater.Digits(2);
  eater.fits = eater.fits && hours <= 23 && minutes <= 59;
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<Instant> Parse(std::string_view text, const Manner& manner) {
  Eater eater{text};
  const auto year = static_cast<int>(eater.Digits(4));
  eater.OneOf("-");
  const auto month = static_cast<unsigned>(eater.Digits(2));
  eater.OneOf("-");
  const auto day = static_cast<unsigned>(eater.Digits(2));
  eater.OneOf(manner.before_time);
  const int64_t hour = eater.Digits(2);
  eater.OneOf(":");
  const int64_t minute = eater.Digits(2);
  eater.OneOf(":");
  const int64_t second = eater.Digits(2);
  const int32_t nanos = eater.Nanos();
  const int64_t offset_minutes = EatOffsetMinutes(eater, manner.before_offset);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!eater.fits || !eater.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > manner.most_seconds) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return Instant{((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second, nanos};
}

}  // namespace

std::optional<int64_t> ParseRfc3339(std::string_view text) {
  const auto instant = Parse(text, kAsClientsWrite);
  if (!instant) return std::nullopt;
  return instant->unix_s * 1'000'000 + instant->nanos / 1'000;
}

std::optional<Instant> ParseRfc3339Exactly(std::string_view text) { return Parse(text, kExact); }

}  // namespace orc
