#include "base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace orc {
namespace {

TEST(Ids, CarryThePrefixAndSortByTime) {
  ManualClock clock;
  IdSource ids(clock, 7);
  const std::string first = ids.New(kRunPrefix);
  clock.Advance(1'000);
  const std::string second = ids.New(kRunPrefix);
  EXPECT_EQ(first.substr(0, 4), "run_");
  EXPECT_EQ(first.size(), 4u + 32u);
  EXPECT_LT(first, second);
}

TEST(Ids, AscendWhileTheClockStandsStillOrStepsBack) {
  ManualClock clock;
  IdSource ids(clock, 7);
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    if (i == 5'000) clock.Advance(-60'000'000);
    const std::string next = ids.New("");
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(Ids, AreNeverGivenTwice) {
  SystemClock clock;
  IdSource ids(clock);
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& list : made) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i) list.push_back(ids.New(kStepPrefix));
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& list : made) {
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
    all.insert(list.begin(), list.end());
  }
  EXPECT_EQ(all.size(), 20'000u);
}

// The value is written down: ids of the template pack and the sharding of runs rest on it.
TEST(StableHash, IsTheSameEverywhere) {
  EXPECT_EQ(StableHash(""), StableHash(""));
  EXPECT_NE(StableHash("a"), StableHash("b"));
  EXPECT_EQ(StableHash("orchestrator"), 0x6e2cabddc9ebe694ull);
}

TEST(Timestamps, AreRfc3339) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(FormatTime(1'763'884'800'123'456), "2025-11-23T08:00:00.123456Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace orc
