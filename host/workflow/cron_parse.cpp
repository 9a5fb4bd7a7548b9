// From the text of a cron expression to what it means.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "workflow/cron.h"
#include "workflow/cron_field.h"

namespace orc {
namespace {

constexpr size_t kMaxCronBytes = 1'000;
constexpr int kEveryCase = 12 * 400;  // months after which the calendar repeats itself

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

const CronFieldKind kSecond{"second", 0, 59};
const CronFieldKind kMinute{"minute", 0, 59};
const CronFieldKind kHour{"hour", 0, 23};
const CronFieldKind kDay{"day-of-month", 1, 31};
const CronFieldKind kMonth{"month", 1, 12, kMonths};
const CronFieldKind kWeekday{"day-of-week", 0, 7, kWeekdays, true};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNicknames = {{{"@hourly", "0 * * * *"},
                                                                                      {"@daily", "0 0 * * *"},
                                                                                      {"@midnight", "0 0 * * *"},
                                                                                      {"@weekly", "0 0 * * 0"},
                                                                                      {"@monthly", "0 0 1 * *"},
                                                                                      {"@yearly", "0 0 1 1 *"},
                                                                                      {"@annually", "0 0 1 1 *"}}};

std::vector<std::string_view> SplitFields(std::string_view text) {
  std::vector<std::string_view> fields;
  while (true) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return fields;
    text.remove_prefix(begin);
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    fields.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// What a nickname stands for; the text itself when it is none.
Result<std::string_view> Spelled(std::string_view text) {
  if (!text.starts_with('@')) return text;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::vector<std::string> known;
  for (const auto& [name, fields] : kNicknames) {
    if (name == lower) return fields;
    known.emplace_back(name);
  }
  return Error{ErrorCode::kInvalid, "found \"" + std::string(text) +
                                        "\", expected @hourly, @daily, @weekly, @monthly, @yearly or five fields" +
                                        DidYouMean(lower, known)};
}

}  // namespace

Result<Cron> Cron::Parse(std::string_view text) {
  if (text.size() > kMaxCronBytes) return Error{ErrorCode::kInvalid, "has at most " + std::to_string(kMaxCronBytes) + " bytes"};
  std::vector<std::string_view> fields = SplitFields(text);
  if (fields.size() == 1) {
    ORC_ASSIGN_OR_RETURN(const std::string_view spelled, Spelled(fields[0]));
    fields = SplitFields(spelled);
  }
  if (fields.size() != 5 && fields.size() != 6) {
    return Error{ErrorCode::kInvalid,
                 "found " + std::to_string(fields.size()) + (fields.size() == 1 ? " field" : " fields") + " in \"" + std::string(text) +
                     "\", expected five: minute hour day-of-month month day-of-week (or six, with the second before them)"};
  }
  Cron cron;
  size_t at = 0;
  if (fields.size() == 6) {
    ORC_ASSIGN_OR_RETURN(const CronField second, ParseCronField(fields[at++], kSecond));
    cron.seconds_ = second.values;
  }
  ORC_ASSIGN_OR_RETURN(const CronField minute, ParseCronField(fields[at++], kMinute));
  ORC_ASSIGN_OR_RETURN(const CronField hour, ParseCronField(fields[at++], kHour));
  ORC_ASSIGN_OR_RETURN(const CronField day, ParseCronField(fields[at++], kDay));
  ORC_ASSIGN_OR_RETURN(const CronField month, ParseCronField(fields[at++], kMonth));
  ORC_ASSIGN_OR_RETURN(const CronField weekday, ParseCronField(fields[at++], kWeekday));
  cron.minutes_ = minute.values;
  cron.hours_ = hour.values;
  cron.days_ = day.values;
  cron.months_ = month.values;
  cron.weekdays_ = weekday.values;
  cron.either_day_ = day.is_restricted && weekday.is_restricted;
  if (!cron.NextLocal({2000, 1, 1, 0, 0, 0}, kEveryCase)) {
    return Error{ErrorCode::kInvalid, "\"" + std::string(text) + "\" never fires: no month that it names has such a day"};
  }
  return cron;
}

}  // namespace orc
