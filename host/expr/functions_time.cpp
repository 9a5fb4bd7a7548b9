// What calendar and clock show of a timestamp, and how long a duration is.
#include <array>

#include "base/time_zone.h"
#include "expr/functions.h"

namespace orc {
namespace {

using Kind = Value::Kind;
constexpr int64_t kNanosASecond = 1'000'000'000;

/// Calls `part(civil time)` for the timestamp in the zone that is named, or in UTC.
template <typename Part>
Value PartOf(const Call& call, const Part& part) {
  if (!call[0].is(Kind::kTimestamp) || (call.count() == 2 && !call[1].is(Kind::kString))) return call.NoOverload();
  TimeZone zone;
  if (call.count() == 2) {
    const auto found = TimeZone::Find(std::string(call[1].get_text()));
    if (!found.ok()) return call.Fail(found.error().message);
    zone = *found;
  }
  return Value::Int(part(zone.At(call[0].get_time().seconds)));
}

/// Of a duration (no zone), in whole units; else of a timestamp.
template <typename Part>
Value UnitsOf(const Call& call, int64_t unit_nanos, const Part& part) {
  if (call[0].is(Kind::kDuration) && call.count() == 1) return Value::Int(call[0].get_duration() / unit_nanos);
  return PartOf(call, part);
}

Value GetFullYear(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return time.year; });
}
Value GetMonth(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return time.month - 1; });
}
Value GetDate(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return time.day; });
}
Value GetDayOfMonth(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return time.day - 1; });
}
Value GetDayOfWeek(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return WeekdayOf(time); });
}
Value GetDayOfYear(const Call& call) {
  return PartOf(call, [](const CivilTime& time) { return DayOfYear(time) - 1; });
}
Value GetHours(const Call& call) {
  return UnitsOf(call, 3600 * kNanosASecond, [](const CivilTime& time) { return time.hour; });
}
Value GetMinutes(const Call& call) {
  return UnitsOf(call, 60 * kNanosASecond, [](const CivilTime& time) { return time.minute; });
}
Value GetSeconds(const Call& call) {
  return UnitsOf(call, kNanosASecond, [](const CivilTime& time) { return time.second; });
}
Value GetMilliseconds(const Call& call) {
  if (call[0].is(Kind::kDuration) && call.count() == 1) return Value::Int(call[0].get_duration() / 1'000'000 % 1000);
  return PartOf(call, [&](const CivilTime&) { return call[0].get_time().nanos / 1'000'000; });
}

constexpr auto kMember = Function::Form::kMember;
constexpr std::array<Function, 10> kFunctions = {{{"getFullYear", kMember, 1, 2, &GetFullYear},
                                                  {"getMonth", kMember, 1, 2, &GetMonth},
                                                  {"getDate", kMember, 1, 2, &GetDate},
                                                  {"getDayOfMonth", kMember, 1, 2, &GetDayOfMonth},
                                                  {"getDayOfWeek", kMember, 1, 2, &GetDayOfWeek},
                                                  {"getDayOfYear", kMember, 1, 2, &GetDayOfYear},
                                                  {"getHours", kMember, 1, 2, &GetHours},
                                                  {"getMinutes", kMember, 1, 2, &GetMinutes},
                                                  {"getSeconds", kMember, 1, 2, &GetSeconds},
                                                  {"getMilliseconds", kMember, 1, 2, &GetMilliseconds}}};

}  // namespace

std::span<const Function> TimeFunctions() { return kFunctions; }

}  // namespace orc
