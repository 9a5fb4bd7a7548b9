#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

using Kind = TimeZone::Instants::Kind;

TEST(TimeZone, ShowsWhatTheClocksShow) {
  const auto berlin = TimeZone::Find("Europe/Berlin");
  ASSERT_TRUE(berlin.ok()) << berlin.error().message;
  EXPECT_EQ(berlin->name(), "Europe/Berlin");
  EXPECT_EQ(TimeZone().At(0), (CivilTime{1970, 1, 1, 0, 0, 0}));
  EXPECT_EQ(berlin->At(0), (CivilTime{1970, 1, 1, 1, 0, 0}));
  EXPECT_EQ(berlin->At(1'753'000'000), (CivilTime{2025, 7, 20, 10, 26, 40}));
  EXPECT_EQ(TimeZone().At(-62'135'596'800), (CivilTime{1, 1, 1, 0, 0, 0}));
}

TEST(TimeZone, KnowsFixedOffsets) {
  for (const char* name : {"+05:30", "05:30"}) {
    EXPECT_EQ(TimeZone::Find(name)->At(0), (CivilTime{1970, 1, 1, 5, 30, 0})) << name;
  }
  EXPECT_EQ(TimeZone::Find("-1:15")->At(0), (CivilTime{1969, 12, 31, 22, 45, 0}));
}

TEST(TimeZone, RefusesWhatIsNoZone) {
  for (const char* name : {"", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "+25:00", "1:5", "02:60", "+2", "Europe/Berlin "}) {
    const auto found = TimeZone::Find(name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
    EXPECT_NE(found.error().message.find(std::string("\"") + name + "\""), std::string::npos);
  }
}

TEST(TimeZone, ALocalTimeMayComeOnceNeverOrTwice) {
  const TimeZone berlin = *TimeZone::Find("Europe/Berlin");
  const auto once = berlin.When({2026, 1, 15, 9, 0, 0});
  EXPECT_EQ(once.kind, Kind::kOnce);
  EXPECT_EQ(once.unix_s, 1'768'464'000);
  // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
  const auto skipped = berlin.When({2026, 3, 29, 2, 30, 0});
  EXPECT_EQ(skipped.kind, Kind::kSkipped);
  EXPECT_EQ(skipped.unix_s, 1'774'746'000);
  EXPECT_EQ(berlin.At(skipped.unix_s), (CivilTime{2026, 3, 29, 3, 0, 0}));
  // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
  const auto twice = berlin.When({2026, 10, 25, 2, 30, 0});
  EXPECT_EQ(twice.kind, Kind::kTwice);
  EXPECT_EQ(twice.unix_s, 1'792'888'200);
}

TEST(TimeZone, KnowsTheCalendar) {
  EXPECT_EQ(WeekdayOf({2026, 11, 22, 0, 0, 0}), 0);
  EXPECT_EQ(WeekdayOf({2026, 11, 23, 0, 0, 0}), 1);
  EXPECT_EQ(DayOfYear({2024, 12, 31, 0, 0, 0}), 366);
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
  EXPECT_EQ(DaysInMonth(2100, 2), 28);
  EXPECT_EQ(DaysInMonth(2026, 12), 31);
  EXPECT_EQ(TimeZone().When({2026, 1, 32, 0, 0, 0}).unix_s, TimeZone().When({2026, 2, 1, 0, 0, 0}).unix_s);
}

}  // namespace
}  // namespace orc
