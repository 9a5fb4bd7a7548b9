// What a cron expression says, and what the clocks of the world make of it.
#include "workflow/cron.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace orc {
namespace {

Cron Must(const std::string& text) {
  auto parsed = Cron::Parse(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : *Cron::Parse("@yearly");
}

std::string Fault(const std::string& text) {
  const auto parsed = Cron::Parse(text);
  return parsed.ok() ? "(none)" : parsed.error().message;
}

/// `count` instants after the UTC time, as "MM-DD hh:mm:ss" of the zone's clocks, one a line.
std::string Next(const std::string& cron, const std::string& zone_name, const CivilTime& after_utc, int count) {
  const TimeZone zone = *TimeZone::Find(zone_name);
  const Cron parsed = Must(cron);
  int64_t at = TimeZone().When(after_utc).unix_s;
  std::string text;
  for (int i = 0; i < count; ++i) {
    const auto next = parsed.Next(at, zone);
    if (!next) return text + "never\n";
    at = *next;
    const CivilTime local = zone.At(at);
    const int64_t ahead_min = (TimeZone().When(local).unix_s - at) / 60;
    char line[64];
    std::snprintf(line, sizeof line, "%02d-%02d %02d:%02d:%02d %+lld\n", local.month, local.day, local.hour, local.minute, local.second,
                  static_cast<long long>(ahead_min));
    text += line;
  }
  return text;
}

TEST(Cron, KnowsListsRangesStepsAndNames) {
  EXPECT_EQ(Next("0 9 * * MON-FRI", "UTC", {2026, 11, 26, 12, 0, 0}, 3), "11-27 09:00:00 +0\n11-30 09:00:00 +0\n12-01 09:00:00 +0\n");
  EXPECT_EQ(Next("*/20,5 8 1 jan,Jul *", "UTC", {2026, 1, 1, 8, 5, 0}, 4),
            "01-01 08:20:00 +0\n01-01 08:40:00 +0\n07-01 08:00:00 +0\n07-01 08:05:00 +0\n");
  EXPECT_EQ(Next("10-30/10 0 1 1 *", "UTC", {2025, 12, 31, 0, 0, 0}, 4),
            "01-01 00:10:00 +0\n01-01 00:20:00 +0\n01-01 00:30:00 +0\n01-01 00:10:00 +0\n");
  EXPECT_EQ(Next("0 22/1 1 1 *", "UTC", {2025, 12, 31, 0, 0, 0}, 2), "01-01 22:00:00 +0\n01-01 23:00:00 +0\n");
  EXPECT_EQ(Next("  0\t0  1 1 * ", "UTC", {2025, 12, 31, 0, 0, 0}, 1), "01-01 00:00:00 +0\n");
}

TEST(Cron, SundayIsZeroAndSeven) {
  const std::string sundays = "11-29 00:00:00 +0\n12-06 00:00:00 +0\n";
  for (const char* cron : {"0 0 * * 0", "0 0 * * 7", "0 0 * * sun", "@weekly", "0 0 * * 7-7"}) {
    EXPECT_EQ(Next(cron, "UTC", {2026, 11, 23, 0, 0, 0}, 2), sundays) << cron;
  }
  const std::string weekend = "11-27 00:00:00 +0\n11-28 00:00:00 +0\n11-29 00:00:00 +0\n12-04 00:00:00 +0\n";
  for (const char* cron : {"0 0 * * FRI-SUN", "0 0 * * 5-7", "0 0 * * 5-0", "0 0 * * 0,5,6"}) {
    EXPECT_EQ(Next(cron, "UTC", {2026, 11, 23, 0, 0, 0}, 4), weekend) << cron;
  }
  EXPECT_EQ(Next("0 0 * * 7-2", "UTC", {2026, 11, 23, 0, 0, 0}, 4),
            "11-24 00:00:00 +0\n11-29 00:00:00 +0\n11-30 00:00:00 +0\n12-01 00:00:00 +0\n");
}

TEST(Cron, KnowsNicknames) {
  EXPECT_EQ(Next("@hourly", "UTC", {2026, 1, 1, 0, 0, 0}, 2), "01-01 01:00:00 +0\n01-01 02:00:00 +0\n");
  EXPECT_EQ(Next("@daily", "UTC", {2026, 1, 1, 0, 0, 0}, 1), "01-02 00:00:00 +0\n");
  EXPECT_EQ(Next("@midnight", "UTC", {2026, 1, 1, 0, 0, 0}, 1), "01-02 00:00:00 +0\n");
  EXPECT_EQ(Next("@monthly", "UTC", {2026, 1, 1, 0, 0, 0}, 1), "02-01 00:00:00 +0\n");
  for (const char* cron : {"@yearly", "@annually", "@YEARLY"})
    EXPECT_EQ(Next(cron, "UTC", {2026, 1, 1, 0, 0, 0}, 1), "01-01 00:00:00 +0\n");
}

TEST(Cron, SecondsComeFirstWhereThereAreSix) {
  EXPECT_EQ(Next("*/30 59 23 * * *", "UTC", {2026, 1, 1, 0, 0, 0}, 3), "01-01 23:59:00 +0\n01-01 23:59:30 +0\n01-02 23:59:00 +0\n");
  EXPECT_EQ(Next("58,2 * * * * *", "UTC", {2026, 12, 31, 23, 59, 57}, 2), "12-31 23:59:58 +0\n01-01 00:00:02 +0\n");
}

TEST(Cron, EitherDayIsEnoughWhenBothAreRestricted) {
  EXPECT_EQ(Next("0 0 13 * FRI", "UTC", {2026, 11, 1, 0, 0, 0}, 4),
            "11-06 00:00:00 +0\n11-13 00:00:00 +0\n11-20 00:00:00 +0\n11-27 00:00:00 +0\n");
  EXPECT_EQ(Next("0 0 15 * FRI", "UTC", {2026, 11, 10, 0, 0, 0}, 3), "11-13 00:00:00 +0\n11-15 00:00:00 +0\n11-20 00:00:00 +0\n");
  // A star with a step is no restriction in this sense: both must fit.
  EXPECT_EQ(Next("0 0 */2 * MON", "UTC", {2026, 11, 1, 0, 0, 0}, 3), "11-09 00:00:00 +0\n11-23 00:00:00 +0\n12-07 00:00:00 +0\n");
  EXPECT_EQ(Next("0 0 1 * */2", "UTC", {2026, 11, 2, 0, 0, 0}, 2), "12-01 00:00:00 +0\n04-01 00:00:00 +0\n");
}

TEST(Cron, KnowsTheCalendar) {
  EXPECT_EQ(Next("0 12 29 2 *", "UTC", {2096, 3, 1, 0, 0, 0}, 1), "02-29 12:00:00 +0\n");
  const auto leap = Must("0 12 29 2 *").Next(TimeZone().When({2096, 3, 1, 0, 0, 0}).unix_s, TimeZone());
  EXPECT_EQ(TimeZone().At(*leap).year, 2104);  // 2100 is no leap year
  EXPECT_EQ(Next("0 0 31 * *", "UTC", {2026, 1, 31, 0, 0, 0}, 3), "03-31 00:00:00 +0\n05-31 00:00:00 +0\n07-31 00:00:00 +0\n");
  EXPECT_EQ(Next("0 0 30,31 2,4 *", "UTC", {2026, 1, 1, 0, 0, 0}, 1), "04-30 00:00:00 +0\n");
}

TEST(Cron, IsRefusedWithFieldFoundAndExpected) {
  EXPECT_EQ(Fault("61 * * * *"), "the minute field: found \"61\", expected 0 to 59");
  EXPECT_EQ(Fault("0 24 * * *"), "the hour field: found \"24\", expected 0 to 23");
  EXPECT_EQ(Fault("0 9 0 * *"), "the day-of-month field: found \"0\", expected 1 to 31");
  EXPECT_EQ(Fault("0 9 * 13 *"), "the month field: found \"13\", expected 1 to 12 or JAN to DEC");
  EXPECT_EQ(Fault("0 9 * * MON-FRY"), "the day-of-week field: found \"MON-FRY\", expected a range of 0 to 7 or SUN to SAT");
  EXPECT_EQ(Fault("0 9 * * MON,TUS"), "the day-of-week field: found \"TUS\" in \"MON,TUS\", expected 0 to 7 or SUN to SAT");
  EXPECT_EQ(Fault("60 0 9 * * *"), "the second field: found \"60\", expected 0 to 59");
  EXPECT_EQ(Fault("*/0 * * * *"), "the minute field: found \"*/0\", expected a step from 1 to 59 after the /");
  EXPECT_EQ(Fault("*/90 * * * *"), "the minute field: found \"*/90\", expected a step from 1 to 59 after the /");
  EXPECT_EQ(Fault("30-10 * * * *"),
            "the minute field: found \"30-10\", expected a range that goes up; write one that goes round as two: x-y,z");
  EXPECT_NE(Fault("0 0 30 FEB *").find("never fires"), std::string::npos);
  EXPECT_NE(Fault("0 0 31 2,4,6,9,11 *").find("never fires"), std::string::npos);
  EXPECT_EQ(Fault("@hourli"),
            "found \"@hourli\", expected @hourly, @daily, @weekly, @monthly, @yearly or five fields (did you mean \"@hourly\"?)");
  EXPECT_NE(Fault("0 9 * *").find("found 4 fields in \"0 9 * *\", expected five"), std::string::npos);
  EXPECT_NE(Fault("").find("found 0 fields"), std::string::npos);
  for (const char* text : {"? * * * *", "0 0 L * *", "0 0 15W * *", "0 0 * * 5#3", "* * * * * * *", "1,,2 * * * *", "1, * * * *",
                           "-1 * * * *", "1- * * * *", "*-5 * * * *", "1/ * * * *", "/5 * * * *", "1/5/2 * * * *", "+1 * * * *",
                           "1.5 * * * *", "MON * * * *", "0x1 * * * *", "99999999999 * * * *", "\xc3\xa9 * * * *"}) {
    EXPECT_NE(Fault(text), "(none)") << text;
  }
  EXPECT_NE(Fault(std::string(2'000, '1') + " * * * *"), "(none)");
}

// Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
TEST(Cron, ATimeThatIsSkippedRunsOnceAfterTheGap) {
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", {2026, 3, 28, 0, 0, 0}, 3),
            "03-28 02:30:00 +60\n03-29 03:00:00 +120\n03-30 02:30:00 +120\n");
  EXPECT_EQ(Next("*/15 2 * * *", "Europe/Berlin", {2026, 3, 29, 0, 0, 0}, 2), "03-29 03:00:00 +120\n03-30 02:00:00 +120\n");
  EXPECT_EQ(Next("30 2 29 3 *", "Europe/Berlin", {2026, 3, 29, 0, 59, 59}, 1), "03-29 03:00:00 +120\n");
  EXPECT_EQ(Next("0 2,3 * * *", "Europe/Berlin", {2026, 3, 29, 0, 0, 0}, 2), "03-29 03:00:00 +120\n03-30 02:00:00 +120\n");
  EXPECT_EQ(Next("0 */2 * * *", "Europe/Berlin", {2026, 3, 28, 23, 30, 0}, 2), "03-29 03:00:00 +120\n03-29 04:00:00 +120\n");
}

// Berlin, 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
TEST(Cron, ATimeThatIsRepeatedRunsOnceTheFirstTime) {
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", {2026, 10, 24, 12, 0, 0}, 2), "10-25 02:30:00 +120\n10-26 02:30:00 +60\n");
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", {2026, 10, 25, 1, 10, 0}, 1), "10-26 02:30:00 +60\n");
  EXPECT_EQ(Next("0,30 1-3 * * *", "Europe/Berlin", {2026, 10, 24, 22, 0, 0}, 6),
            "10-25 01:00:00 +120\n10-25 01:30:00 +120\n10-25 02:00:00 +120\n10-25 02:30:00 +120\n10-25 03:00:00 +60\n10-25 03:30:00 +60\n");
}

TEST(Cron, EveryHourGoesOnThroughBothChanges) {
  EXPECT_EQ(Next("*/30 * * * *", "Europe/Berlin", {2026, 3, 29, 0, 0, 0}, 4),
            "03-29 01:30:00 +60\n03-29 03:00:00 +120\n03-29 03:30:00 +120\n03-29 04:00:00 +120\n");
  EXPECT_EQ(Next("*/30 * * * *", "Europe/Berlin", {2026, 10, 25, 0, 0, 0}, 4),
            "10-25 02:30:00 +120\n10-25 02:00:00 +60\n10-25 02:30:00 +60\n10-25 03:00:00 +60\n");
  EXPECT_EQ(Next("30 * * * *", "Europe/Berlin", {2026, 3, 29, 0, 0, 0}, 2), "03-29 01:30:00 +60\n03-29 03:30:00 +120\n");
  EXPECT_EQ(Next("@hourly", "America/New_York", {2026, 11, 1, 4, 30, 0}, 3),
            "11-01 01:00:00 -240\n11-01 01:00:00 -300\n11-01 02:00:00 -300\n");
  EXPECT_EQ(Next("0 0-23 * * *", "Europe/Berlin", {2026, 10, 25, 0, 0, 0}, 1), "10-25 02:00:00 +60\n");
}

// Lord Howe sets its clocks by half an hour: 2026-04-05 02:00 becomes 01:30, 2026-10-04 02:00 becomes 02:30.
TEST(Cron, HalfAnHourOfDst) {
  EXPECT_EQ(Next("45 1 * * *", "Australia/Lord_Howe", {2026, 4, 4, 12, 0, 0}, 2), "04-05 01:45:00 +660\n04-06 01:45:00 +630\n");
  EXPECT_EQ(Next("10 2 * * *", "Australia/Lord_Howe", {2026, 10, 3, 12, 0, 0}, 2), "10-04 02:30:00 +660\n10-05 02:10:00 +660\n");
  EXPECT_EQ(Next("*/15 * * * *", "Australia/Lord_Howe", {2026, 4, 4, 14, 40, 0}, 4),
            "04-05 01:45:00 +660\n04-05 01:30:00 +630\n04-05 01:45:00 +630\n04-05 02:00:00 +630\n");
}

// Samoa left out the whole of 2011-12-30.
TEST(Cron, ADayThatIsSkippedRunsOnceAtTheNext) {
  EXPECT_EQ(Next("0 9 * * *", "Pacific/Apia", {2011, 12, 29, 20, 0, 0}, 3),
            "12-31 00:00:00 +840\n12-31 09:00:00 +840\n01-01 09:00:00 +840\n");
}

TEST(Cron, MidnightMayBeSkipped) {  // Cairo, 2026-04-24: 00:00 becomes 01:00
  EXPECT_EQ(Next("@daily", "Africa/Cairo", {2026, 4, 23, 12, 0, 0}, 2), "04-24 01:00:00 +180\n04-25 00:00:00 +180\n");
}

TEST(Cron, TheLastInstantIsFound) {
  const TimeZone berlin = *TimeZone::Find("Europe/Berlin");
  for (const char* text : {"0 9 * * MON-FRI", "*/7 * * * *", "30 2 * * *", "*/15 2 * * *", "*/5 * 9 * * *", "0 0 29 2 *"}) {
    const Cron cron = Must(text);
    const int64_t begin = TimeZone().When({2024, 1, 1, 0, 0, 0}).unix_s;
    EXPECT_EQ(cron.Last(begin, begin, berlin), std::nullopt) << text;
    int64_t at = begin;
    for (int i = 0; i < 300; ++i) {
      const int64_t next = *cron.Next(at, berlin);
      EXPECT_EQ(cron.Last(begin, next, berlin), next) << text;
      if (i > 0) {
        EXPECT_EQ(cron.Last(begin, next - 1, berlin), at) << text;
      }
      at = next;
    }
    EXPECT_EQ(cron.Last(at, *cron.Next(at, berlin) - 1, berlin), std::nullopt) << text;
  }
}

TEST(Cron, EndsWithTheYears) {
  EXPECT_EQ(Must("@yearly").Next(TimeZone().When({10'001, 1, 1, 0, 0, 0}).unix_s, TimeZone()), std::nullopt);
  EXPECT_EQ(Must("@hourly").Next(TimeZone().When({10'001, 1, 1, 0, 0, 0}).unix_s, TimeZone()), std::nullopt);
}

}  // namespace
}  // namespace orc
