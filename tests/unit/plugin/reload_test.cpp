// New versions beside old ones, in the server's process and in one of the plugin's own.
#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "plugin_fixture.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReloadTest : public PluginTest, public ::testing::WithParamInterface<bool> {
 protected:
  ReloadTest() {
    Isolate(GetParam());
    Put("version_1");
    Install("good_c");
    Load({.copies_folder = folder_ + "/copies"});
  }
  /// As a package manager does: another file takes the name.
  void Put(const std::string& version) {
    std::filesystem::copy_file(Built(version), folder_ + "/new");
    std::filesystem::rename(folder_ + "/new", InFolder("greet"));
  }
};

TEST_P(ReloadTest, AnotherFileIsLoadedAndTheOldOneEndsWhatItBegan) {
  const std::string file = folder_ + "/go";
  const auto old = Start("ver.wait", "\"" + file + "\"");
  ASSERT_TRUE(sink_.WaitLine("waiting"));
  EXPECT_EQ(plugins_->Find("ver.added"), nullptr);
  const std::string digest = plugins_->Find("ver.which")->plugin_digest;

  Put("version_2");
  const PluginReload report = plugins_->Reload();
  EXPECT_THAT(report.loaded, ElementsAre("greet.so"));
  EXPECT_THAT(report.kept, ElementsAre("good_c.so"));
  EXPECT_THAT(report.failed, IsEmpty());
  EXPECT_EQ(Run("ver.which").output, "\"2.0.0\"");
  EXPECT_EQ(Run("ver.added").output, "\"2.0.0\"");
  EXPECT_EQ(plugins_->Find("ver.which")->plugin_version, "2.0.0");
  EXPECT_NE(plugins_->Find("ver.which")->plugin_digest, digest);
  EXPECT_EQ(plugins_->Find("ver.which")->plugin_file, InFolder("greet"));

  std::ofstream(file).flush();
  EXPECT_EQ(WaitFor(old).output, "\"1.0.0\"");
}

TEST_P(ReloadTest, TheSameFileIsKept) {
  const auto before = plugins_->Find("ver.which");
  EXPECT_THAT(plugins_->Reload().kept, ElementsAre("good_c.so", "greet.so"));
  EXPECT_EQ(plugins_->Find("ver.which"), before);
}

TEST_P(ReloadTest, BackAndForth) {
  for (int i = 0; i < 4; ++i) {
    Put(i % 2 == 0 ? "version_2" : "version_1");
    EXPECT_THAT(plugins_->Reload().loaded, ElementsAre("greet.so"));
    EXPECT_EQ(Run("ver.which").output, i % 2 == 0 ? "\"2.0.0\"" : "\"1.0.0\"");
  }
}

TEST_P(ReloadTest, AFaultyVersionLeavesTheOldOne) {
  Put("create_refuses");
  const PluginReload report = plugins_->Reload();
  ASSERT_EQ(report.failed.size(), 1u);
  EXPECT_THAT(report.failed[0], HasSubstr("greet.so: create: \"bad.action\" refuses its configuration: base_url is missing"));
  EXPECT_EQ(Run("ver.which").output, "\"1.0.0\"");
  Put("version_2");
  EXPECT_THAT(plugins_->Reload().loaded, ElementsAre("greet.so"));
  EXPECT_EQ(Run("ver.which").output, "\"2.0.0\"");
}

TEST_P(ReloadTest, ARemovedFileTakesItsActionsAndANewOneBringsIts) {
  std::filesystem::remove(InFolder("greet"));
  Install("tester");
  const PluginReload report = plugins_->Reload();
  EXPECT_THAT(report.removed, ElementsAre("greet.so"));
  ASSERT_EQ(report.failed.size(), 1u);  // one of its actions wants a configuration; the others are there, as after a start
  EXPECT_THAT(report.failed[0], HasSubstr("tester.so: config: "));
  EXPECT_EQ(Run("ver.which").error.code, "unknown_action");
  EXPECT_EQ(Run("test.echo", "{}").output, "{}");
}

TEST_P(ReloadTest, WhatWasReplacedIsDestroyedOnceItsAttemptsHaveEnded) {
  if (!GetParam()) GTEST_SKIP() << "only a process can be looked for";
  const std::string file = folder_ + "/go";
  const auto old = Start("ver.wait", "\"" + file + "\"");
  ASSERT_TRUE(sink_.WaitLine("waiting"));
  Put("version_2");
  plugins_->Reload();
  EXPECT_EQ(Children(), 3u);  // good_c, and both versions
  std::ofstream(file).flush();
  WaitFor(old);
  for (int i = 0; i < 1000 && Children() != 2; ++i) {
    Run("ver.which");
    ::usleep(5000);
  }
  EXPECT_EQ(Children(), 2u);
}

TEST_P(ReloadTest, AttemptsGoOnDuringReloads) {
  std::atomic<bool> is_over{false};
  std::thread starter([&] {
    while (!is_over) Start("ver.which");
  });
  for (int i = 0; i < 6; ++i) {
    Put(i % 2 == 0 ? "version_2" : "version_1");
    plugins_->Reload();
  }
  is_over = true;
  starter.join();
  ASSERT_TRUE(sink_.WaitFinished(static_cast<size_t>(tries_)));
  for (const auto& finished : sink_.finished()) EXPECT_EQ(finished.outcome, AttemptFinished::Outcome::kSucceeded) << finished.error.message;
}

INSTANTIATE_TEST_SUITE_P(Isolation, ReloadTest, ::testing::Bool(),
                         [](const auto& isolated) { return isolated.param ? "process" : "none"; });

}  // namespace
}  // namespace orc::test
