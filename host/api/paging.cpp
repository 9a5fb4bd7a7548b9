#include "api/paging.h"

#include <algorithm>
#include <charconv>

#include "base/rfc3339.h"

namespace orc {
namespace {

constexpr int kDefaultLimit = 50;
constexpr int kMaxLimit = 500;
constexpr int kDefaultCount = 10;
constexpr int kMaxCount = 100;
constexpr int64_t kMaxWaitUs = 300'000'000;

Error Unfit(std::string_view name, std::string_view found, std::string_view expected) {
  std::string message = "query parameter \"";
  message.append(name).append("\": found \"").append(found.substr(0, 80)).append("\", expected ").append(expected);
  return {ErrorCode::kUnreadable, std::move(message)};
}

/// The whole text as a non-negative number.
bool ReadNumber(std::string_view text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 && text.front() != '-';
}

int64_t UnitUs(std::string_view unit) {
  if (unit == "ms") return 1'000;
  if (unit == "s" || unit.empty()) return 1'000'000;
  return unit == "m" ? 60'000'000 : 0;
}

Result<int> ReadFrom1(const Query& query, std::string_view name, int fallback, int most) {
  const std::string* text = query.Find(name);
  if (!text) return fallback;
  int64_t value = 0;
  if (text->empty() || !ReadNumber(*text, value) || value < 1 || value > most) {
    return Unfit(name, *text, "a whole number from 1 to " + std::to_string(most));
  }
  return static_cast<int>(value);
}

}  // namespace

Result<int> ReadLimit(const Query& query) { return ReadFrom1(query, "limit", kDefaultLimit, kMaxLimit); }
Result<int> ReadCount(const Query& query) { return ReadFrom1(query, "count", kDefaultCount, kMaxCount); }

Result<Page> ReadPage(const Query& query) {
  Page page;
  ORC_ASSIGN_OR_RETURN(page.limit, ReadLimit(query));
  if (const std::string* cursor = query.Find("cursor")) page.cursor = *cursor;
  return page;
}

Result<bool> ReadFlag(const Query& query, std::string_view name) {
  const std::string* text = query.Find(name);
  if (!text || *text == "false" || *text == "0") return false;
  if (text->empty() || *text == "true" || *text == "1") return true;
  return Unfit(name, *text, "true or false");
}

Result<int64_t> ReadRowId(const Query& query, std::string_view name, int64_t fallback) {
  const std::string* text = query.Find(name);
  if (!text) return fallback;
  int64_t value = 0;
  if (text->empty() || !ReadNumber(*text, value)) return Unfit(name, *text, "the id of an item, a whole number");
  return value;
}

Result<int64_t> ReadWait(const Query& query) {
  constexpr std::string_view kExpected = "a duration such as 10s, 500ms or 2m, at most 5m";
  const std::string* text = query.Find("wait");
  if (!text) return 0;
  const size_t digits = std::min(text->find_first_not_of("0123456789"), text->size());
  const int64_t unit_us = UnitUs(std::string_view(*text).substr(digits));
  int64_t value = 0;
  if (digits == 0 || digits > 9 || unit_us == 0 || !ReadNumber(text->substr(0, digits), value)) return Unfit("wait", *text, kExpected);
  if (value * unit_us > kMaxWaitUs) return Unfit("wait", *text, kExpected);
  return value * unit_us;
}

Result<int64_t> ReadTime(const Query& query, std::string_view name) {
  const std::string* text = query.Find(name);
  if (!text) return 0;
  if (const std::optional<int64_t> us = ParseRfc3339(*text)) return *us;
  return Unfit(name, *text, "an RFC 3339 time such as 2026-11-23T08:00:00Z");
}

}  // namespace orc
