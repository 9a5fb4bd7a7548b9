#include "base/nearest.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

const std::vector<std::string> kActions = {"http", "ai_router.chat", "web.search", "web.extract", "transform"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(NearestName("htpp", kActions), "http");
  EXPECT_EQ(NearestName("web.serach", kActions), "web.search");
  EXPECT_EQ(NearestName("Transform", kActions), "transform");
  EXPECT_EQ(DidYouMean("ai_router.chta", kActions), " (did you mean \"ai_router.chat\"?)");
}

TEST(Nearest, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(NearestName("smtp.send", kActions), "");
  EXPECT_EQ(NearestName("", kActions), "");
  EXPECT_EQ(NearestName(std::string(100'000, 'x'), kActions), "");
  EXPECT_EQ(DidYouMean("zzz", {}), "");
}

}  // namespace
}  // namespace orc
