#include "service/retry_after.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>

namespace orc::service {
namespace {

constexpr int64_t kMaxMs = 366LL * 24 * 3600 * 1000;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int MonthOf(std::string_view name) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const size_t at = name.size() == 3 ? kMonths.find(name) : std::string_view::npos;
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

int64_t SecondsOf(int year, int month, int day, int hour, int minute, int second) {
  namespace ch = std::chrono;
  const ch::year_month_day date{ch::year(year), ch::month(static_cast<unsigned>(month)), ch::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 60 || hour < 0 || minute < 0 || second < 0) return -1;
  return ch::sys_days(date).time_since_epoch().count() * 86400LL + hour * 3600LL + minute * 60LL + second;
}

}  // namespace

int64_t HttpDateSeconds(std::string_view text) {
  const std::string date(Trim(text).substr(0, 64));
  char month[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0, used = 0;
  const auto whole = [&] { return used > 0 && static_cast<size_t>(used) == date.size(); };
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (std::sscanf(date.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute, &second, &used) ==
          6 &&
      whole()) {
    return SecondsOf(year, MonthOf(month), day, hour, minute, second);
  }
  // Sunday, 06-Nov-94 08:49:37 GMT
  used = 0;
  if (std::sscanf(date.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute, &second, &used) ==
          6 &&
      whole()) {
    return SecondsOf(year < 70 ? year + 2000 : year + 1900, MonthOf(month), day, hour, minute, second);
  }
  // Sun Nov  6 08:49:37 1994
  used = 0;
  if (std::sscanf(date.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &day, &hour, &minute, &second, &year, &used) == 6 &&
      whole()) {
    return SecondsOf(year, MonthOf(month), day, hour, minute, second);
  }
  return -1;
}

int64_t RetryAfterMs(std::string_view header, int64_t now_us) {
  header = Trim(header);
  if (header.empty()) return -1;
  if (std::all_of(header.begin(), header.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    int64_t seconds = 0;
    const auto read = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (read.ec != std::errc() || seconds > kMaxMs / 1000) return kMaxMs;
    return seconds * 1000;
  }
  const int64_t at = HttpDateSeconds(header);
  if (at < 0) return -1;
  return std::clamp<int64_t>(at * 1000 - now_us / 1000, 0, kMaxMs);
}

}  // namespace orc::service
