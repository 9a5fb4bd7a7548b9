// What loads, what does not, and the sentence that says why.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "plugin_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

class LoadingTest : public PluginTest {
 protected:
  /// Loads `crime` beside a good plugin: one failure that says this, and the good one works.
  void ExpectFailure(const std::string& crime, const std::string& check, const std::string& sentence) {
    Install(crime);
    ExpectFailureOf(InFolder(crime), check, sentence);
  }
  void ExpectFailureOf(const std::string& file, const std::string& check, const std::string& sentence) {
    Install("good_c");
    Load();
    ASSERT_EQ(plugins_->failures().size(), 1u);
    const auto& failure = plugins_->failures()[0];
    EXPECT_EQ(failure.file, file);
    EXPECT_EQ(failure.check, check) << failure.detail;
    EXPECT_THAT(failure.detail, HasSubstr(sentence));
    EXPECT_EQ(plugins_->Find("bad.action"), nullptr);
    EXPECT_EQ(Run("c.echo", "[1,2]").output, "[1,2]");
  }
};

TEST_F(LoadingTest, DescribesWhatItLoaded) {
  Install("tester");
  Load({.action_config = {{"test.configured", ParseJson("{\"greeting\":\"hello\"}").value()}}});
  EXPECT_TRUE(plugins_->failures().empty()) << plugins_->failures()[0].detail;
  const auto info = plugins_->Find("test.echo");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->version, "1.2.3");
  EXPECT_EQ(info->plugin_name, "tester");
  EXPECT_EQ(info->plugin_version, "4.5.6");
  EXPECT_EQ(info->plugin_file, InFolder("tester"));
  EXPECT_TRUE(info->idempotent);
  EXPECT_THAT(info->input_schema_text, HasSubstr("count"));
  ASSERT_NE(info->input_schema, nullptr);
  EXPECT_FALSE(plugins_->Find("test.fail")->idempotent);
  EXPECT_EQ(plugins_->Find("test.fail")->input_schema, nullptr);
  EXPECT_EQ(plugins_->Find("nothing"), nullptr);
  const auto all = plugins_->List();
  EXPECT_EQ(all.size(), 22u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->name < b->name; }));
}

TEST_F(LoadingTest, EveryMinorOfTheMajorLoads) {
  for (const bool isolated : {false, true}) {
    Isolate(isolated);
    for (const auto& [name, action] : {std::pair("yesterday", "c.echo"), std::pair("tomorrow", "later.echo")}) {
      Install(name);
      Load();
      EXPECT_TRUE(plugins_->failures().empty()) << plugins_->failures()[0].detail;
      EXPECT_EQ(Run(action, "[1]").output, "[1]");
      std::filesystem::remove(InFolder(name));
    }
  }
}

TEST_F(LoadingTest, APipeIsNotOpened) {
  ASSERT_EQ(::mkfifo(InFolder("pipe").c_str(), 0600), 0);
  ExpectFailureOf(InFolder("pipe"), "library", "is no regular file");
}
TEST_F(LoadingTest, OtherMajor) { ExpectFailure("other_major", "abi", "the plugin speaks ABI 2.7, this server ABI 1.0"); }
TEST_F(LoadingTest, SmallStruct) { ExpectFailure("small_struct", "abi", "orc_plugin says it has 48 bytes; ABI 1 needs at least"); }
TEST_F(LoadingTest, NoActions) { ExpectFailure("no_actions", "abi", "offers no action"); }
TEST_F(LoadingTest, NullTable) { ExpectFailure("null_table", "table", "returned NULL"); }
TEST_F(LoadingTest, SmallAction) { ExpectFailure("small_action", "action", "orc_action of action 1 says it has 64 bytes"); }
TEST_F(LoadingTest, NullName) { ExpectFailure("null_name", "action", "the name of action 1 is NULL with a size of 10"); }
TEST_F(LoadingTest, BadName) { ExpectFailure("bad_name", "action", "\"Web Search\" is no name for an action"); }
TEST_F(LoadingTest, NullAction) { ExpectFailure("null_action", "action", "action 2 of the plugin is NULL"); }
TEST_F(LoadingTest, NullStart) { ExpectFailure("null_start", "action", "the function start of \"bad.action\" is NULL"); }
TEST_F(LoadingTest, WrongSchema) { ExpectFailure("wrong_schema", "schema", "the output schema of \"bad.action\""); }
TEST_F(LoadingTest, CreateRefuses) {
  ExpectFailure("create_refuses", "create", "\"bad.action\" refuses its configuration: base_url is missing");
}
TEST_F(LoadingTest, CreateSilent) { ExpectFailure("create_silent", "create", "it gave no reason"); }
TEST_F(LoadingTest, CreateThrows) { ExpectFailure("create_throws", "create", "create let an exception out: not caught in the plugin"); }
TEST_F(LoadingTest, NoEntry) { ExpectFailure("no_entry", "entry", "does not export orchestrator_plugin_v1"); }
TEST_F(LoadingTest, UndefinedSymbol) { ExpectFailure("undefined_symbol", "loading", "a_function_that_nobody_has"); }
TEST_F(LoadingTest, BuiltIn) { ExpectFailure("built_in", "duplicate", "\"transform\" is built in"); }
TEST_F(LoadingTest, Duplicate) {
  std::filesystem::copy_file(Built("duplicate"), InFolder("z_duplicate"));
  ExpectFailureOf(InFolder("z_duplicate"), "duplicate", "\"c.echo\" is already offered by " + InFolder("good_c"));
}

TEST_F(LoadingTest, ABrokenSchemaCostsOnlyItsOwnAction) {
  ExpectFailure("broken_schema", "schema", "the input schema of \"bad.action\" is not JSON");
  EXPECT_EQ(Run("bad.neighbour", "7").output, "7");
}

TEST_F(LoadingTest, NotAPlugin) {
  std::ofstream(InFolder("not_a_plugin")) << "I am a text file.\n";
  ExpectFailureOf(InFolder("not_a_plugin"), "library", "is not an ELF shared library");
}
TEST_F(LoadingTest, Empty) {
  std::ofstream(InFolder("empty")).flush();
  ExpectFailureOf(InFolder("empty"), "library", "is not an ELF shared library");
}
TEST_F(LoadingTest, CopiedOnlyHalf) {
  Install("tester");
  const auto size = std::filesystem::file_size(InFolder("tester"));
  std::filesystem::resize_file(InFolder("tester"), size / 2);
  ExpectFailureOf(InFolder("tester"), "library", "is cut short");
}
TEST_F(LoadingTest, NotReadable) {
  std::filesystem::create_symlink("/nowhere/x.so", InFolder("dangling"));
  ExpectFailureOf(InFolder("dangling"), "ownership", "No such file");
}
TEST_F(LoadingTest, WritableByOthers) {
  Install("tester");
  ASSERT_EQ(::chmod(InFolder("tester").c_str(), 0775), 0);
  ExpectFailureOf(InFolder("tester"), "ownership", "can be written by others (mode 0775)");
}

TEST_F(LoadingTest, AFolderWritableByOthersLoadsNothing) {
  Install("good_c");
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  Load();
  ASSERT_EQ(plugins_->failures().size(), 1u);
  EXPECT_EQ(plugins_->failures()[0].file, folder_);
  EXPECT_THAT(plugins_->failures()[0].detail, HasSubstr("can be written by others"));
  EXPECT_TRUE(plugins_->List().empty());
  Load({.check_ownership = false});
  EXPECT_TRUE(plugins_->failures().empty());
  EXPECT_EQ(plugins_->List().size(), 1u);
}

TEST_F(LoadingTest, AForeignOwnerIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  Install("tester");
  ASSERT_EQ(::chown(InFolder("tester").c_str(), 12345, 12345), 0);
  ExpectFailureOf(InFolder("tester"), "ownership", "belongs to the user 12345; expected root or the server's own user");
}

TEST_F(LoadingTest, AMissingFolderIsNamed) {
  Install("good_c");
  Load({.folders = {"/nowhere/plugins", folder_}});
  ASSERT_EQ(plugins_->failures().size(), 1u);
  EXPECT_EQ(plugins_->failures()[0].check, "folder");
  EXPECT_EQ(plugins_->failures()[0].file, "/nowhere/plugins");
  EXPECT_NE(plugins_->Find("c.echo"), nullptr);
}

TEST_F(LoadingTest, ConfigurationsAreCheckedAndHandedOver) {
  Install("tester");
  Load();
  ASSERT_EQ(plugins_->failures().size(), 1u);
  EXPECT_EQ(plugins_->failures()[0].check, "config");
  EXPECT_THAT(plugins_->failures()[0].detail, HasSubstr("greeting"));
  Load({.action_config = {{"test.configured", ParseJson("{\"greeting\":\"rude\"}").value()}}});
  ASSERT_EQ(plugins_->failures().size(), 1u);
  EXPECT_EQ(plugins_->failures()[0].check, "create");
  EXPECT_THAT(plugins_->failures()[0].detail, HasSubstr("the greeting is rude"));
  Load({.action_config = {{"test.configured", ParseJson("{\"greeting\":\"hello\"}").value()}}});
  EXPECT_EQ(Run("test.configured").output, "{\"greeting\":\"hello\"}");
}

}  // namespace
}  // namespace orc::test
