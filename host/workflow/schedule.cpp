#include "workflow/schedule.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/nearest.h"

namespace orc {
namespace {

constexpr int64_t kUsASecond = 1'000'000;

constexpr std::array<std::string_view, 4> kOverlaps = {"skip", "queue", "allow", "cancel_running"};
constexpr std::array<std::string_view, 3> kCatchUps = {"none", "last", "all"};

template <typename Choice, size_t kCount>
std::optional<Choice> Parse(const std::array<std::string_view, kCount>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Choice>(found - names.begin());
}

int64_t SecondsBefore(int64_t us) { return us / kUsASecond - (us % kUsASecond < 0 ? 1 : 0); }

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// "Berlin" and "europe/berlin" mean a zone; what is misspelt may be near to one.
std::string NearestZone(const std::string& wanted) {
  const std::vector<std::string> names = TimeZone::Names();
  const std::string lower = Lower(wanted);
  for (const std::string& name : names) {
    const std::string known = Lower(name);
    const size_t slash = known.rfind('/');
    if (known == lower || (slash != std::string::npos && known.substr(slash + 1) == lower)) return name;
  }
  return NearestName(wanted, names);
}

std::optional<int64_t> ToUs(std::optional<int64_t> seconds) { return seconds ? std::optional(*seconds * kUsASecond) : std::nullopt; }

}  // namespace

std::string_view ToText(ScheduleOverlap overlap) { return kOverlaps[static_cast<size_t>(overlap)]; }
std::string_view ToText(ScheduleCatchUp catch_up) { return kCatchUps[static_cast<size_t>(catch_up)]; }
std::optional<ScheduleOverlap> ParseScheduleOverlap(std::string_view text) { return Parse<ScheduleOverlap>(kOverlaps, text); }
std::optional<ScheduleCatchUp> ParseScheduleCatchUp(std::string_view text) { return Parse<ScheduleCatchUp>(kCatchUps, text); }

Result<Timetable> Timetable::Make(const std::string& cron, const std::string& timezone) {
  ORC_ASSIGN_OR_RETURN(Cron parsed, Cron::Parse(cron));
  auto zone = TimeZone::Find(timezone);
  if (zone.ok()) return Timetable(parsed, *std::move(zone));
  const std::string nearest = NearestZone(timezone);
  const std::string hint = nearest.empty() ? ", expected a name such as \"Europe/Berlin\" or an offset such as \"+02:00\""
                                           : " (did you mean \"" + nearest + "\"?)";
  return Error{ErrorCode::kInvalid, zone.error().message + hint};
}

std::optional<int64_t> Timetable::NextUs(int64_t us) const { return ToUs(cron_.Next(SecondsBefore(us), zone_)); }

std::optional<int64_t> Timetable::LastUs(int64_t after_us, int64_t us) const {
  return ToUs(cron_.Last(SecondsBefore(after_us), SecondsBefore(us), zone_));
}

}  // namespace orc
