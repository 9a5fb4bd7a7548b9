// Random cron expressions against a walk through every minute of a year. The seeds are fixed; ORC_SEED=N plays one other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "workflow/cron.h"

namespace orc {
namespace {

/// An expression and, apart from the parser, what it means.
struct Expected {
  std::string text;
  std::set<int> minutes, hours, days, months, weekdays;
  bool either_day = false;

  bool Fits(const CivilTime& at) const {
    const bool by_month = days.contains(at.day), by_week = weekdays.contains(WeekdayOf(at));
    return minutes.contains(at.minute) && hours.contains(at.hour) && months.contains(at.month) &&
           (either_day ? by_month || by_week : by_month && by_week);
  }
};

class RandomCron {
 public:
  explicit RandomCron(uint64_t seed) : random_(seed) {}

  Expected Make() {
    Expected cron;
    bool by_day = true, by_week = true, other = true;
    cron.text = Field(0, 59, 4, cron.minutes, other) + " " + Field(0, 23, 3, cron.hours, other) + " ";
    cron.text += Field(1, 31, 3, cron.days, by_day) + " " + Field(1, 12, 2, cron.months, other) + " ";
    cron.text += Field(0, 6, 2, cron.weekdays, by_week);
    cron.either_day = by_day && by_week;
    return cron;
  }

 private:
  int Below(int end) { return static_cast<int>(random_() % static_cast<uint64_t>(end)); }

  std::string Field(int least, int most, int star_in, std::set<int>& values, bool& is_restricted) {
    std::string text;
    const int parts = 1 + Below(3);
    for (int part = 0; part < parts; ++part) {
      if (part > 0) text += ",";
      int first = least, last = most, step = 1;
      const bool is_star = Below(star_in) == 0;
      if (part == 0) is_restricted = !is_star;
      if (is_star) {
        text += "*";
      } else {
        first = least + Below(most - least + 1);
        last = Below(2) == 0 ? first : first + Below(most - first + 1);
        text += std::to_string(first);
        if (last != first) text += "-" + std::to_string(last);
      }
      if ((is_star || last != first) && Below(2) == 0) {
        step = 1 + Below(most - least);
        text += "/" + std::to_string(step);
      }
      for (int value = first; value <= last; value += step) values.insert(value);
    }
    return text;
  }

  std::mt19937_64 random_;
};

int64_t LocalMinute(const CivilTime& at) { return TimeZone().When(at).unix_s / 60; }

/// What the clocks show at each minute of the span.
struct Walk {
  int64_t begin_s = 0;
  std::vector<CivilTime> shown;
};

/// All instants of the walk, one minute after the other, by what was shown and what was not.
std::vector<int64_t> InstantsOf(const Expected& cron, const Walk& walk) {
  std::vector<int64_t> instants;
  const bool by_instant = cron.hours.size() == 24;
  int64_t highest = LocalMinute(walk.shown.front());
  for (size_t i = 1; i < walk.shown.size(); ++i) {
    const int64_t local = LocalMinute(walk.shown[i]);
    bool fires = false;
    if (by_instant) {
      fires = cron.Fits(walk.shown[i]);
    } else {
      // Everything from the highest that was ever shown up to this: more than one minute where a gap was.
      for (int64_t minute = highest + 1; minute < local && !fires; ++minute) fires = cron.Fits(TimeZone().At(minute * 60));
      fires = fires || (local > highest && cron.Fits(walk.shown[i]));
    }
    highest = std::max(highest, local);
    if (fires) instants.push_back(walk.begin_s + static_cast<int64_t>(i) * 60);
  }
  return instants;
}

void Play(uint64_t seed, const Walk& walk, const TimeZone& zone) {
  const Expected expected = RandomCron(seed).Make();
  SCOPED_TRACE("ORC_SEED=" + std::to_string(seed) + ": " + expected.text + " in " + zone.name());
  const auto cron = Cron::Parse(expected.text);
  const std::vector<int64_t> instants = InstantsOf(expected, walk);
  if (!cron.ok()) {
    EXPECT_NE(cron.error().message.find("never fires"), std::string::npos) << cron.error().message;
    EXPECT_TRUE(instants.empty());
    return;
  }
  int64_t at = walk.begin_s;
  for (const int64_t instant : instants) {
    const auto next = cron->Next(at, zone);
    ASSERT_TRUE(next.has_value());
    ASSERT_EQ(*next, instant) << "after " << at;
    // From anywhere between the two it is the same.
    ASSERT_EQ(cron->Next(at + (instant - at) / 2, zone), instant);
    at = instant;
  }
  const int64_t end_s = walk.begin_s + static_cast<int64_t>(walk.shown.size() - 1) * 60;
  const auto beyond = cron->Next(at, zone);
  EXPECT_TRUE(!beyond || *beyond > end_s) << *beyond;
  EXPECT_EQ(cron->Last(walk.begin_s, end_s, zone), instants.empty() ? std::nullopt : std::optional(instants.back()));
}

TEST(RandomCron, AgreesWithAWalkThroughEveryMinute) {
  const char* given = std::getenv("ORC_SEED");
  uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const uint64_t count = given ? 1 : 8;
  // North, south, half an hour, no DST, a leap year, days that were left out, changes at midnight.
  const std::pair<const char*, int> places[] = {{"Europe/Berlin", 2026},       {"America/New_York", 2024}, {"Australia/Sydney", 2025},
                                                {"Australia/Lord_Howe", 2026}, {"Asia/Kolkata", 2024},     {"Pacific/Apia", 2011},
                                                {"Africa/Cairo", 2026},        {"America/Santiago", 2023}, {"UTC", 2028}};
  for (const auto& [name, year] : places) {
    const TimeZone zone = *TimeZone::Find(name);
    Walk walk{TimeZone().When({year, 1, 1, 0, 0, 0}).unix_s, {}};
    for (int64_t at = walk.begin_s; at <= TimeZone().When({year + 1, 1, 5, 0, 0, 0}).unix_s; at += 60) walk.shown.push_back(zone.At(at));
    for (uint64_t seed = first; seed < first + count && !::testing::Test::HasFatalFailure(); ++seed) Play(seed, walk, zone);
    if (!given) first += count;
  }
}

}  // namespace
}  // namespace orc
