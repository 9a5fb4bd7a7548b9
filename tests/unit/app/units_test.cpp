#include "app/units.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(Units, Durations) {
  EXPECT_EQ(ReadDurationMs("500ms").value(), 500);
  EXPECT_EQ(ReadDurationMs("5s").value(), 5000);
  EXPECT_EQ(ReadDurationMs("1.5m").value(), 90'000);
  EXPECT_EQ(ReadDurationMs("2h").value(), 7'200'000);
  EXPECT_EQ(ReadDurationMs(250).value(), 250);
  for (const char* bad : {"", "5", "s", "5 s", "-5s", "5x", "1e3s", "99999999999999h"}) EXPECT_FALSE(ReadDurationMs(bad).ok()) << bad;
  EXPECT_FALSE(ReadDurationMs(-1).ok());
  EXPECT_FALSE(ReadDurationMs(1.5).ok());
}

TEST(Units, Sizes) {
  EXPECT_EQ(ReadSize("64KiB").value(), 65536);
  EXPECT_EQ(ReadSize("2MiB").value(), 2 << 20);
  EXPECT_EQ(ReadSize(10).value(), 10);
  EXPECT_EQ(ReadSize("1MB").error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(ReadSize("99999999999999999999GiB").error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace orc
