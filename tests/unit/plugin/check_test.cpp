// orchestrator-plugin-check: each crime is found by its own check, and by no other.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "base/json.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

struct Ran {
  int exit_code = -1;
  std::string output;
};

Ran Check(const std::string& arguments) {
  const std::string command = std::string(ORC_BINARY_DIR) + "/bin/orchestrator-plugin-check " + arguments + " 2>&1";
  Ran run;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) run.output.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

std::string Built(const std::string& name) { return std::string(ORC_BINARY_DIR) + "/tests/plugins/" + name + ".so"; }

struct Crime {
  const char* plugin;
  const char* check;
  const char* says;
  const char* flags = "";
};

class CrimeTest : public ::testing::TestWithParam<Crime> {};

TEST_P(CrimeTest, IsFoundByItsOwnCheckOnly) {
  const Crime& crime = GetParam();
  const Ran run = Check("--json " + std::string(crime.flags) + " " + Built(crime.plugin));
  EXPECT_EQ(run.exit_code, 1) << run.output;
  const auto report = ParseJson(run.output.substr(run.output.find("{\"plugin\"")));
  ASSERT_TRUE(report.ok()) << run.output;
  std::set<std::string> failed;
  for (const Json& check : Find(*report, "checks")->get_array()) {
    if (StringAt(check, "verdict") != "failed") continue;
    failed.emplace(StringAt(check, "name"));
    EXPECT_THAT(std::string(StringAt(check, "detail")), HasSubstr(crime.says));
  }
  EXPECT_EQ(failed, std::set<std::string>{crime.check}) << run.output;
}

const char* const kExamples = "--examples " ORC_SOURCE_DIR "/tests/bad_plugins/examples/wrong_example";

INSTANTIATE_TEST_SUITE_P(
    All, CrimeTest,
    ::testing::Values(
        Crime{"no_entry", "exports-only-the-entry", "does not export orchestrator_plugin_v1"},
        Crime{"extra_export", "exports-only-the-entry", "exports 1 more symbol: leaked_name"},
        Crime{"undefined_symbol", "loads-with-rtld-now", "a_function_that_nobody_has"},
        Crime{"constructor_crashes", "loads-with-rtld-now", "SIGABRT"}, Crime{"null_table", "describes-itself", "returned NULL"},
        Crime{"other_major", "describes-itself", "speaks ABI 2.7"}, Crime{"small_struct", "describes-itself", "48 bytes"},
        Crime{"no_actions", "describes-itself", "offers no action"},
        Crime{"null_action", "describes-itself", "action 2 of the plugin is NULL"}, Crime{"small_action", "describes-itself", "64 bytes"},
        Crime{"null_name", "describes-itself", "is NULL with a size of 10"},
        Crime{"bad_name", "describes-itself", "is no name for an action"},
        Crime{"null_start", "describes-itself", "the function start of \"bad.action\" is NULL"},
        Crime{"built_in", "describes-itself", "built into the server"}, Crime{"offered_twice", "describes-itself", "offered twice"},
        Crime{"broken_schema", "schemas-are-valid", "is not JSON"}, Crime{"wrong_schema", "schemas-are-valid", "not a usable schema"},
        Crime{"create_silent", "bad-config-is-explained", "without a word"},
        Crime{"create_throws", "bad-config-is-explained", "let an exception out"},
        Crime{"config_crashes", "bad-config-is-explained", "SIGABRT"},
        Crime{"wrong_example", "examples-pass", "its output is {\"n\":1}; expected {\"n\":2}", kExamples},
        Crime{"completes_twice", "completes-exactly-once", "completed 2 times"},
        Crime{"never_completes", "completes-exactly-once", "did not end"}, Crime{"output_is_no_json", "completes-exactly-once", "not JSON"},
        Crime{"start_throws", "completes-exactly-once", "let an exception out of start"},
        Crime{"exits", "completes-exactly-once", "exit code 3"}, Crime{"ignores_cancel", "stops-when-cancelled", "went on for 5 s"},
        Crime{"mixes_attempts", "runs-side-by-side", "bad.action"}, Crime{"destroy_crashes", "destroys-cleanly", "SIGABRT"},
        Crime{"exit_crashes", "destroys-cleanly", "while it came down"}, Crime{"leaks", "destroys-cleanly", "more bytes are taken"},
        Crime{"leaves_descriptor", "destroys-cleanly", "150 more descriptors"},
        Crime{"leaves_thread", "destroys-cleanly", "150 more threads"}, Crime{"long_input_crashes", "survives-hostile-input", "SIGABRT"}),
    [](const auto& crime) { return std::string(crime.param.plugin); });

TEST(PluginCheckTest, AGoodPluginPasses) {
  const Ran run = Check(Built("good_c"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("10 passed, 0 failed, 1 skipped"));
}

TEST(PluginCheckTest, WhatNeedsAConfigurationIsSkippedAndSaysSo) {
  const Ran run = Check(Built("create_refuses"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("(--config FILE gives another): base_url is missing"));
}

TEST(PluginCheckTest, OurOwnPluginsPassWithTheirExamples) {
  for (const char* name : {"http", "ai_router_chat", "web_search", "web_extract", "memarch_store_fact", "memarch_search", "scm_call"}) {
    const Ran run = Check("--examples " ORC_SOURCE_DIR "/plugins/" + std::string(name) +
                          "/examples " ORC_BINARY_DIR "/lib/orchestrator/plugins/" + name + ".so");
    EXPECT_EQ(run.exit_code, 0) << run.output;
    EXPECT_THAT(run.output, HasSubstr("0 failed")) << run.output;
  }
}

TEST(PluginCheckTest, BadUsageAndMissingFilesHaveExitCodesOfTheirOwn) {
  EXPECT_EQ(Check("").exit_code, 2);
  EXPECT_EQ(Check("--frob x.so").exit_code, 2);
  const Ran typo = Check("--only destroys-cleanl x.so");
  EXPECT_EQ(typo.exit_code, 2);
  EXPECT_THAT(typo.output, HasSubstr("did you mean \"destroys-cleanly\"?"));
  EXPECT_EQ(Check("/nowhere/x.so").exit_code, 3);
  EXPECT_EQ(Check("--config /nowhere/c.json x.so").exit_code, 3);
  EXPECT_THAT(Check("--list").output, HasSubstr("stops-when-cancelled     An attempt that is cancelled ends soon."));
}

TEST(PluginCheckTest, OnlyAndSkipChooseChecks) {
  const Ran only = Check("--only schemas-are-valid " + Built("good_c"));
  EXPECT_THAT(only.output, HasSubstr("1 passed, 0 failed, 0 skipped"));
  const Ran skip = Check("--skip survives-hostile-input " + Built("long_input_crashes"));
  EXPECT_EQ(skip.exit_code, 0);
  EXPECT_THAT(skip.output, HasSubstr("--skip says so"));
}

TEST(PluginCheckTest, ACheckThatHangsIsEnded) {
  const Ran run = Check("--timeout 1 --only completes-exactly-once " + Built("never_completes"));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.output, HasSubstr("the check did not end within 1 s"));
}

}  // namespace
}  // namespace orc::test
