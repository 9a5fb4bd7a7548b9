#include "base/time_zone.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

namespace orc {
namespace {

absl::CivilDay DayOf(const CivilTime& date) { return absl::CivilDay(date.year, date.month, date.day); }

/// Eats one or two digits.
std::optional<int> EatNumber(std::string_view& text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + std::min<size_t>(text.size(), 2), value);
  if (read.ec != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(read.ptr - text.data()));
  return value;
}

/// "+02:00", "-5:30", "02:00" as seconds to the east.
std::optional<int> ParseOffset(std::string_view text) {
  const int sign = text.starts_with('-') ? -1 : 1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto hours = EatNumber(text);
  if (!hours || *hours > 23 || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  if (text.size() != 2) return std::nullopt;
  const auto minutes = EatNumber(text);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (*hours * 60 + *minutes) * 60;
}

/// What may be the name of a zone: never a path out of the database's folder.
bool IsZoneName(std::string_view name) {
  if (name.empty() || name.size() > 100 || name.front() == '/' || name.find("..") != std::string_view::npos) return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == std::string_view::npos;
}

}  // namespace

struct TimeZone::Zone {
  absl::TimeZone zone = absl::UTCTimeZone();
};

int WeekdayOf(const CivilTime& date) { return (static_cast<int>(absl::GetWeekday(DayOf(date))) + 1) % 7; }
int DayOfYear(const CivilTime& date) { return absl::GetYearDay(DayOf(date)); }
int DaysInMonth(int64_t year, int month) {
  const absl::CivilMonth first(year, month);
  return static_cast<int>(absl::CivilDay(first + 1) - absl::CivilDay(first));
}

TimeZone::TimeZone() {
  static const auto kUtc = std::make_shared<const Zone>();
  zone_ = kUtc;
}

Result<TimeZone> TimeZone::Find(const std::string& name) {
  if (const auto offset = ParseOffset(name)) return TimeZone(std::make_shared<const Zone>(Zone{absl::FixedTimeZone(*offset)}));
  Zone found;
  if (!IsZoneName(name) || !absl::LoadTimeZone(name, &found.zone)) {
    return Error{ErrorCode::kNotFound, "there is no time zone \"" + name + "\" in this system's tz database"};
  }
  return TimeZone(std::make_shared<const Zone>(std::move(found)));
}

CivilTime TimeZone::At(int64_t unix_s) const {
  const absl::CivilSecond local = zone_->zone.At(absl::FromUnixSeconds(unix_s)).cs;
  return {local.year(), local.month(), local.day(), local.hour(), local.minute(), local.second()};
}

TimeZone::Instants TimeZone::When(const CivilTime& local) const {
  const auto found = zone_->zone.At(absl::CivilSecond(local.year, local.month, local.day, local.hour, local.minute, local.second));
  using Kind = absl::TimeZone::TimeInfo;
  if (found.kind == Kind::SKIPPED) return {Instants::Kind::kSkipped, absl::ToUnixSeconds(found.trans)};
  return {found.kind == Kind::REPEATED ? Instants::Kind::kTwice : Instants::Kind::kOnce, absl::ToUnixSeconds(found.pre)};
}

std::optional<int64_t> TimeZone::NextChange(int64_t unix_s) const {
  absl::TimeZone::CivilTransition change;
  if (!zone_->zone.NextTransition(absl::FromUnixSeconds(unix_s), &change)) return std::nullopt;
  const auto found = zone_->zone.At(change.to);
  // Where the clocks go back, what they show then they showed before: the later one is meant.
  return absl::ToUnixSeconds(found.kind == absl::TimeZone::TimeInfo::REPEATED ? found.post : found.pre);
}

std::vector<std::string> TimeZone::Names() {
  namespace fs = std::filesystem;
  const char* given = std::getenv("TZDIR");  // as Abseil looks for them
  const fs::path folder = given != nullptr ? given : "/usr/share/zoneinfo";
  std::vector<std::string> names;
  std::error_code fault;
  for (auto at = fs::recursive_directory_iterator(folder, fault); !fault && at != fs::recursive_directory_iterator(); at.increment(fault)) {
    const std::string name = at->path().lexically_relative(folder).string();
    // "posix" and "right" hold the same once more; other names in lower case are tables.
    if (std::islower(static_cast<unsigned char>(name.front())) != 0) {
      at.disable_recursion_pending();
    } else if (name.find('.') == std::string::npos && at->is_regular_file(fault)) {
      names.push_back(name);
    }
  }
  return names;
}

std::string TimeZone::name() const { return zone_->zone.name(); }

}  // namespace orc
