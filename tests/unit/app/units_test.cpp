#include "app/units.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(Units, Durations) {
  EXPECT_EQ(ReadDurationMs("500ms"), 500);
  EXPECT_EQ(ReadDurationMs("5s"), 5000);
  EXPECT_EQ(ReadDurationMs("1.5m"), 90'000);
  EXPECT_EQ(ReadDurationMs("2h"), 7'200'000);
  EXPECT_EQ(ReadDurationMs(250), 250);
  for (const char* bad : {"", "5", "s", "5 s", "-5s", "5x", "1e3s", "99999999999999h"}) EXPECT_FALSE(ReadDurationMs(bad)) << bad;
  EXPECT_FALSE(ReadDurationMs(-1));
  EXPECT_FALSE(ReadDurationMs(1.5));
}

TEST(Units, Sizes) {
  EXPECT_EQ(ReadSize("64KiB"), 65536);
  EXPECT_EQ(ReadSize("2MiB"), 2 << 20);
  EXPECT_EQ(ReadSize(10), 10);
  EXPECT_FALSE(ReadSize("1MB"));
}

}  // namespace
}  // namespace orc
