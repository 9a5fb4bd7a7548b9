#include "app/units.h"

#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace orc {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kDurations[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr Unit kSizes[] = {{"B", 1}, {"KiB", 1024}, {"MiB", 1024.0 * 1024}, {"GiB", 1024.0 * 1024 * 1024}};
constexpr double kMostAmount = 9e15;  // beyond it a double no longer holds every integer

Result<int64_t> ReadAmount(const Json& value, std::span<const Unit> units) {
  const Error unreadable{ErrorCode::kUnreadable, "an amount is expected, found " + DescribeJson(value)};
  if (value.is_int64()) return value.get_int64() >= 0 ? Result<int64_t>(value.get_int64()) : unreadable;
  if (!value.is_string()) return unreadable;
  const std::string_view text(value.get_string().data(), value.get_string().size());
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (fault != std::errc() || number < 0) return unreadable;
  const std::string_view rest(end, static_cast<size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units) {
    if (rest != unit.name) continue;
    if (number * unit.factor > kMostAmount) return Error{ErrorCode::kTooLarge, DescribeJson(value) + " is too large"};
    return static_cast<int64_t>(std::llround(number * unit.factor));
  }
  return unreadable;
}

}  // namespace

Result<int64_t> ReadDurationMs(const Json& value) { return ReadAmount(value, kDurations); }
Result<int64_t> ReadSize(const Json& value) { return ReadAmount(value, kSizes); }

}  // namespace orc
