#include "app/action_config.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(HostOfUrl, Forms) {
  EXPECT_EQ(HostOfUrl("http://ai-router:8080/v1"), "ai-router");
  EXPECT_EQ(HostOfUrl("https://user:pw@example.org?x"), "example.org");
  EXPECT_EQ(HostOfUrl("http://[::1]:80/"), "::1");
  EXPECT_EQ(HostOfUrl("http://10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(HostOfUrl("nothing"), "");
}

}  // namespace
}  // namespace orc
