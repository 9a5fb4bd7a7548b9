#include "app/flags.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(Flags, EveryWayToNameTheFile) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-config", "c.yaml"}, {"--config", "c.yaml"}, {"--config=c.yaml"}, {"-config=c.yaml"}}) {
    const auto flags = ParseFlags(arguments);
    ASSERT_TRUE(flags.ok()) << flags.error().message;
    EXPECT_EQ(flags->config_file, "c.yaml");
    EXPECT_EQ(flags->mode, Flags::Mode::kServe);
  }
}

TEST(Flags, Modes) {
  EXPECT_EQ(ParseFlags({"--check-config", "-config", "x"})->mode, Flags::Mode::kCheckConfig);
  EXPECT_EQ(ParseFlags({"--version"})->mode, Flags::Mode::kVersion);
  EXPECT_EQ(ParseFlags({"-h"})->mode, Flags::Mode::kHelp);
  EXPECT_EQ(ParseFlags({})->mode, Flags::Mode::kServe);
}

TEST(Flags, MistakesSayWhatWasMeant) {
  EXPECT_NE(ParseFlags({"--confg", "x"}).error().message.find("did you mean \"--config\"?"), std::string::npos);
  EXPECT_NE(ParseFlags({"--config"}).error().message.find("needs a file"), std::string::npos);
  EXPECT_FALSE(ParseFlags({"--config="}).ok());
  EXPECT_FALSE(ParseFlags({"c.yaml"}).ok());
  EXPECT_FALSE(ParseFlags({"--version=2"}).ok());
}

}  // namespace
}  // namespace orc
