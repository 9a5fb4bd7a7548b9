// What follows when the host that ran a run is gone.
#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

constexpr std::string_view kOneStep = R"({"name":"one","steps":[
  {"id":"a","name":"x","action":"http","timeout_ms":5000,"retry":{"max":1},"input":{"v":"{{ context.v }}"}}]})";

TEST(DecideHostLostTest, WhatWasUnderWayIsSentAgainAsTheSameTry) {
  CaseRun run(kOneStep, R"({"v":1})");
  const Command first = run.Begin().commands.at(0);
  run.run.context = std::make_shared<const Json>(J(R"({"v":2})"));
  run.now_us += 60'000'000;
  const Decision& again = run.On(HostLost{});
  ASSERT_EQ(again.commands.size(), 1u);
  EXPECT_EQ(again.commands[0].key, first.key);
  EXPECT_EQ(again.commands[0].input, first.input);
  EXPECT_EQ(run.run.FindStep({0, -1})->tries, 1);
  EXPECT_EQ(run.run.progress.wake_us, run.now_us + 5'000'000);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
  run.Succeed(0);
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
}

TEST(DecideHostLostTest, ARunThatHadNotBegunBegins) {
  CaseRun run(kOneStep, R"({"v":1})");
  EXPECT_EQ(run.On(HostLost{}).commands.size(), 1u);
  EXPECT_EQ(run.status(), RunStatus::kRunning);
}

TEST(DecideHostLostTest, ACancelUnderWayEnds) {
  CaseRun run(kOneStep, R"({"v":1})");
  run.Begin();
  run.On(CancelRequested{});
  EXPECT_TRUE(run.On(HostLost{}).commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kCanceled);
}

TEST(DecideHostLostTest, ARunThatWaitsOrIsOverIsLeftAlone) {
  CaseRun run(kOneStep, R"({"v":1})");
  run.Begin();
  run.Fail(0);
  ASSERT_EQ(run.status(), RunStatus::kWaiting);
  const int64_t wake_us = run.run.progress.wake_us;
  EXPECT_FALSE(run.On(HostLost{}).changed);
  EXPECT_EQ(run.run.progress.wake_us, wake_us);
  run.After(250);
  run.Succeed(0);
  EXPECT_FALSE(run.On(HostLost{}).changed);
}

}  // namespace
}  // namespace orc::test
