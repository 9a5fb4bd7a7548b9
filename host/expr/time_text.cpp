#include "expr/time_text.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/rfc3339.h"
#include "base/time_zone.h"

namespace orc {
namespace {

constexpr int64_t kNanosASecond = 1'000'000'000;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31

__extension__ using Wide = __int128;  // hours of nanoseconds, times a fraction, go beyond 64 bits

struct Unit {
  std::string_view name;
  int64_t nanos;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1000},
                                         {"\xc2\xb5s", 1000},  // micro sign
                                         {"\xce\xbcs", 1000},  // Greek mu
                                         {"ms", 1'000'000},
                                         {"s", kNanosASecond},
                                         {"m", 60 * kNanosASecond},
                                         {"h", 3600 * kNanosASecond}}};

/// Eats a number and its unit.
std::optional<Wide> EatPart(std::string_view& text) {
  size_t at = 0;
  const auto is_digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  Wide whole = 0;
  for (; is_digit(); ++at) {
    whole = whole * 10 + (text[at] - '0');
    if (whole > INT64_MAX) return std::nullopt;
  }
  size_t digits = at;
  Wide fraction = 0;
  Wide scale = 1;
  if (at < text.size() && text[at] == '.') {
    ++at;
    for (; is_digit(); ++at, ++digits) {
      if (scale >= 1'000'000'000'000'000'000) continue;
      fraction = fraction * 10 + (text[at] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(at);
  for (const Unit& unit : kUnits) {
    const bool is_it = text.starts_with(unit.name) && !(unit.name == "m" && text.starts_with("ms"));
    if (!is_it) continue;
    text.remove_prefix(unit.name.size());
    return whole * unit.nanos + fraction * unit.nanos / scale;
  }
  return std::nullopt;
}

/// ".5", ".000001": in threes, or "".
std::string Fraction(int64_t nanos) {
  if (nanos == 0) return {};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ".%09d", static_cast<int>(nanos));
  std::string digits = text.data();
  while (digits.ends_with('0')) digits.pop_back();
  return digits;
}

}  // namespace

bool IsInRange(Timestamp time) { return time.seconds >= kFirstSecond && time.seconds <= kLastSecond; }

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  const auto instant = ParseRfc3339Exactly(text);
  if (!instant) return std::nullopt;
  const Timestamp time{instant->unix_s, instant->nanos};
  return IsInRange(time) ? std::optional(time) : std::nullopt;
}

std::string FormatTimestamp(Timestamp time) {
  const CivilTime date = TimeZone().At(time.seconds);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(date.year), date.month, date.day, date.hour,
                date.minute, date.second);
  return text.data() + Fraction(time.nanos) + "Z";
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  Wide nanos = 0;
  while (!text.empty()) {
    const auto part = EatPart(text);
    if (!part) return std::nullopt;
    nanos += *part;
    if (nanos > INT64_MAX) return std::nullopt;
  }
  return static_cast<int64_t>(is_negative ? -nanos : nanos);
}

std::string FormatDuration(int64_t nanos) {
  const bool is_negative = nanos < 0;
  const uint64_t size = is_negative ? ~static_cast<uint64_t>(nanos) + 1 : static_cast<uint64_t>(nanos);
  return (is_negative ? "-" : "") + std::to_string(size / kNanosASecond) + Fraction(static_cast<int64_t>(size % kNanosASecond)) + "s";
}

}  // namespace orc
