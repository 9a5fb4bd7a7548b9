#include "hooks/backoff.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(Backoff, DoublesFromAQuarterSecondToAMinute) {
  EXPECT_EQ(BackoffMs(1, 0), 250);
  EXPECT_EQ(BackoffMs(2, 0), 500);
  EXPECT_EQ(BackoffMs(8, 0), 32'000);
  EXPECT_EQ(BackoffMs(9, 0), 60'000);
  EXPECT_EQ(BackoffMs(1'000'000, 0), 60'000);
}

TEST(Backoff, JitterTakesOffAtMostAQuarter) {
  for (uint64_t random = 0; random < 1000; ++random) {
    EXPECT_LE(BackoffMs(3, random * 7919), 1000);
    EXPECT_GE(BackoffMs(3, random * 7919), 750);
  }
}

}  // namespace
}  // namespace orc
