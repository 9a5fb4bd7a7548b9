// Plugins in processes of their own: whatever they do, the server stands, and only their own attempts suffer.
#include <gmock/gmock.h>
#include <signal.h>

#include <set>

#include "plugin_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = AttemptFinished::Outcome;

class IsolationTest : public PluginTest {
 protected:
  void LoadWild(const PluginSettings& settings = Quick()) {
    Install("wild");
    Install("tester");
    Isolate(true);
    PluginSettings here;
    here.isolation = PluginSettings::Isolation::kNone;
    Load({.action_config = {{"test.configured", ParseJson("{\"greeting\":\"hello\"}").value()}},
          .settings = {{"wild", settings}, {"tester", here}}});
    ASSERT_TRUE(plugins_->failures().empty()) << plugins_->failures()[0].detail;
  }
  static PluginSettings Quick() {
    PluginSettings settings;
    settings.stop_grace_ms = 200;
    settings.restart_delay_ms = 20;
    return settings;
  }
  void ExpectCrash(const AttemptFinished& finished, const std::string& how) {
    EXPECT_EQ(finished.outcome, Outcome::kFailed);
    EXPECT_EQ(finished.error.code, "plugin_crashed");
    EXPECT_TRUE(finished.error.retryable);
    EXPECT_THAT(finished.error.message, HasSubstr("the process of the plugin \"wild\" " + how));
  }
  /// Both the crashed plugin and its neighbour in the server go on.
  void ExpectLife() {
    EXPECT_EQ(Run("wild.echo", "[1]").output, "[1]");
    EXPECT_EQ(Run("test.echo", "{}").output, "{}");
  }
};

TEST_F(IsolationTest, TheActionsAreTheSame) {
  LoadWild();
  const auto info = plugins_->Find("wild.echo");
  ASSERT_NE(info, nullptr);
  EXPECT_TRUE(info->is_isolated);
  EXPECT_FALSE(plugins_->Find("test.echo")->is_isolated);
  EXPECT_NE(Run("wild.pid").output, std::to_string(::getpid()));
  ExpectLife();
}

TEST_F(IsolationTest, ACrashIsAFailureOfItsAttempt) {
  LoadWild();
  ExpectCrash(Run("wild.crash"), "ended by signal 11 (SIGSEGV)");
  ExpectLife();
}
TEST_F(IsolationTest, AnAbortIsAFailureOfItsAttempt) {
  LoadWild();
  ExpectCrash(Run("wild.abort"), "ended by signal 6 (SIGABRT)");
  ExpectLife();
}
TEST_F(IsolationTest, AnExitIsAFailureOfItsAttempt) {
  LoadWild();
  ExpectCrash(Run("wild.exit"), "ended with the exit code 7");
  ExpectLife();
}
TEST_F(IsolationTest, ALeakEndsAtTheLimit) {
  auto settings = Quick();
  settings.limits.memory_bytes = 64u << 20;
  LoadWild(settings);
  const auto finished = Run("wild.leak");  // std::bad_alloc, which the SDK reports, or the end of the process
  EXPECT_THAT(finished.error.code, ::testing::AnyOf("plugin_error", "plugin_crashed")) << finished.error.message;
  EXPECT_THAT(finished.error.message, ::testing::AnyOf(HasSubstr("bad_alloc"), HasSubstr("ended by signal")));
}
TEST_F(IsolationTest, AnEndlessLoopEndsWhenItIsCancelled) {
  LoadWild();
  for (const char* action : {"wild.loop", "wild.loop_run"}) {
    const auto key = Start(action);
    plugins_->Cancel(key);
    EXPECT_EQ(WaitFor(key).outcome, Outcome::kCanceled) << action;
    ExpectLife();
  }
}
TEST_F(IsolationTest, AnEndlessLoopEndsAtTheLimitOfProcessorTime) {
  auto settings = Quick();
  settings.limits.cpu_ms = 100;
  LoadWild(settings);
  ExpectCrash(Run("wild.loop"), "ended by signal 24 (SIGXCPU)");
  ExpectLife();
}
TEST_F(IsolationTest, ClosedDescriptorsCostTheProcess) {
  LoadWild();
  ExpectCrash(Run("wild.close_descriptors"), "closed its connection to the server");
  ExpectLife();
}
TEST_F(IsolationTest, GarbageCostsTheProcess) {
  LoadWild();
  ExpectCrash(Run("wild.garbage"), "was ended: it sent what is no message");
  ExpectLife();
}
TEST_F(IsolationTest, AForkMayCompleteNothingTwice) {
  auto settings = Quick();
  settings.limits.may_run_programs = true;
  LoadWild(settings);
  EXPECT_EQ(Run("wild.fork").output, "\"done\"");
  ExpectLife();
  EXPECT_EQ(sink_.finished().size(), 3u);
}
TEST_F(IsolationTest, AttemptsOfOthersCannotBeEnded) {
  LoadWild();
  const auto mine = Start("wild.wait");
  const auto neighbour = Start("test.never");
  EXPECT_EQ(Run("wild.forge").output, "1");
  EXPECT_EQ(plugins_->InFlight(), 2u - 1u);  // its own process's attempts are its own to end
  plugins_->Cancel(neighbour);
  EXPECT_EQ(plugins_->InFlight(), 1u);
  EXPECT_EQ(WaitFor(mine).error.code, "forged");
}

TEST_F(IsolationTest, WhatWasNotGrantedIsRefused) {
  LoadWild();
  const std::string socket = Run("wild.connect").output;
  const std::string fork = Run("wild.fork").output;
  if (fork == "\"done\"") GTEST_SKIP() << "this build or kernel has no seccomp";
  EXPECT_EQ(socket, "\"Operation not permitted\"");
  EXPECT_EQ(fork, "\"Operation not permitted\"");
  EXPECT_EQ(Run("wild.exec").output, "\"Operation not permitted\"");
  EXPECT_EQ(Run("wild.kill_parent").output, "\"Operation not permitted\"");
}
TEST_F(IsolationTest, WhatWasGrantedWorks) {
  auto settings = Quick();
  settings.limits.may_run_programs = true;
  settings.limits.may_use_network = true;
  LoadWild(settings);
  EXPECT_EQ(Run("wild.connect").output, "\"done\"");
  EXPECT_EQ(Run("wild.exec").output, "\"done\"");
}
TEST_F(IsolationTest, TheServersEnvironmentStaysWithIt) {
  ::setenv("ORC_TEST_SECRET", "hunter2", 1);
  LoadWild();
  EXPECT_THAT(Run("wild.environment").output, Not(HasSubstr("hunter2")));
  ::unsetenv("ORC_TEST_SECRET");
}
TEST_F(IsolationTest, OpenFilesAreLimited) {
  auto settings = Quick();
  settings.limits.open_files = 32;
  LoadWild(settings);
  EXPECT_LT(std::stoi(Run("wild.open_files").output), 32);
}

TEST_F(IsolationTest, ACrashCostsOnlyTheAttemptsOfItsProcess) {
  auto settings = Quick();
  settings.processes = 2;
  settings.attempts_per_process = 1;
  LoadWild(settings);
  const auto waiting = Start("wild.wait");
  ASSERT_TRUE(sink_.WaitLine("waiting"));
  ExpectCrash(Run("wild.crash"), "ended by signal 11");
  EXPECT_EQ(plugins_->InFlight(), 1u);
  plugins_->Cancel(waiting);
  EXPECT_EQ(WaitFor(waiting).outcome, Outcome::kCanceled);
}

TEST_F(IsolationTest, AttemptsWaitForAProcessWithRoom) {
  auto settings = Quick();
  settings.attempts_per_process = 1;
  LoadWild(settings);
  const auto first = Start("wild.wait");
  const auto second = Start("wild.wait");
  const auto third = Start("wild.echo");
  ASSERT_TRUE(sink_.WaitLine("waiting"));
  plugins_->Cancel(second);  // it never began
  EXPECT_EQ(WaitFor(second).outcome, Outcome::kCanceled);
  plugins_->Cancel(first);
  EXPECT_EQ(WaitFor(third).output, "{}");
  EXPECT_EQ(sink_.lines().size(), 1u);
}

TEST_F(IsolationTest, ManyCrashesAreAsManyFailures) {
  auto settings = Quick();
  settings.restart_delay_ms = 1;
  LoadWild(settings);
  for (int i = 0; i < 100; ++i) ExpectCrash(Run(i % 2 == 0 ? "wild.crash" : "wild.abort"), "ended by signal");
  ExpectLife();
}

TEST_F(IsolationTest, AThousandAtOnceEndOnce) {
  LoadWild();
  std::set<int> tries;
  for (int i = 0; i < 1000; ++i) Start("wild.echo", "[" + std::to_string(i) + "]");
  ASSERT_TRUE(sink_.WaitFinished(1000));
  for (const auto& finished : sink_.finished()) tries.insert(finished.key.try_number);
  EXPECT_EQ(tries.size(), 1000u);
}

TEST_F(IsolationTest, AnInputOfMegabytesGoesThrough) {
  LoadWild();
  const std::string input = "\"" + std::string(1'900'000, 'x') + "\"";
  std::vector<AttemptKey> keys;
  for (int i = 0; i < 20; ++i) keys.push_back(Start("wild.echo", input));
  for (const auto& key : keys) EXPECT_EQ(WaitFor(key).output.size(), input.size());
}

TEST_F(IsolationTest, ALibraryThatCannotBeLoadedIsNamed) {
  for (const auto& [crime, check, sentence] : std::vector<std::array<std::string, 3>>{
           {"other_major", "abi", "the plugin speaks ABI 2.7, this server ABI 1.0"},
           {"undefined_symbol", "loading", "a_function_that_nobody_has"},
           {"constructor_crashes", "isolation", "its process ended by signal 6 (SIGABRT)"},
           {"create_refuses", "create", "\"bad.action\" refuses its configuration: base_url is missing"},
           {"create_silent", "create", "it gave no reason"},
           {"wrong_schema", "schema", "the output schema of \"bad.action\""}}) {
    Install(crime);
    Isolate(true);
    Load();
    ASSERT_EQ(plugins_->failures().size(), 1u) << crime;
    EXPECT_EQ(plugins_->failures()[0].check, check);
    EXPECT_THAT(plugins_->failures()[0].detail, HasSubstr(sentence));
    std::filesystem::remove(InFolder(crime));
  }
}

TEST_F(IsolationTest, AMissingProgramIsNamed) {
  Install("good_c");
  own_folder_ = "/nowhere";
  Plugins::Options options;
  options.folders = {folder_};
  options.own_folder = "/nowhere";
  options.process_program = "/nowhere/orchestrator-plugin-host";
  plugins_ = Plugins::Load(options, clock_, *http_);
  ASSERT_EQ(plugins_->failures().size(), 1u);
  EXPECT_EQ(plugins_->failures()[0].check, "isolation");
  EXPECT_THAT(plugins_->failures()[0].detail, HasSubstr("/nowhere/orchestrator-plugin-host could not be started: No such file"));
}

TEST_F(IsolationTest, StopEndsTheProcess) {
  LoadWild();
  const pid_t pid = std::stoi(Run("wild.pid").output);
  Start("wild.loop_run");
  plugins_->Stop();
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(plugins_->InFlight(), 0u);
}

}  // namespace
}  // namespace orc::test
