// transform and condition: carried out within the decision.
#include <gmock/gmock.h>

#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

std::string Condition(const std::string& input) {
  return R"({"name":"c","steps":[{"id":"a","name":"check","action":"condition","input":)" + input +
         R"(},{"id":"b","name":"after","action":"http","input":{}}]})";
}

TEST(TransformTest, MergesKeysIntoTheContextAndGivesThemAsOutput) {
  CaseRun run(R"({"name":"t","steps":[{"id":"a","name":"t","action":"transform","input":{"set":{"x":{"deep":[1]},"y":"{{ context.old }}"}}},
    {"id":"b","name":"h","action":"http","input":{"x":"{{ context.x }}","o":"{{ steps.t.output.y }}"}}]})",
              R"({"old":7,"x":"gone"})");
  const Decision& decision = run.Begin();
  EXPECT_EQ(*run.run.context, J(R"({"old":7,"x":{"deep":[1]},"y":7})"));
  EXPECT_EQ(J(run.OutputOf(0)), J(R"({"x":{"deep":[1]},"y":7})"));
  ASSERT_EQ(decision.commands.size(), 1u);
  EXPECT_EQ(J(decision.commands[0].input), J(R"({"x":{"deep":[1]},"o":7})"));
  const auto context = run.outputs.texts.find({Document::Kind::kContext, -1, -1});
  ASSERT_NE(context, run.outputs.texts.end());
  EXPECT_EQ(J(context->second), *run.run.context);
}

TEST(TransformTest, AChainIsOneDecision) {
  std::string text = R"({"name":"t","steps":[)";
  for (int i = 0; i < 2000; ++i) {
    const std::string n = std::to_string(i);
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + n + R"(","name":"n)" + n + R"(","action":"transform","input":{"set":{"n":)" +
            n + "}}}";
  }
  CaseRun run(text + "]}");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.run.progress.revision, 1);
  EXPECT_EQ(*run.run.context, J(R"({"n":1999})"));
  EXPECT_EQ(run.run.steps.size(), 2000u);
}

// A context that doubles with each step would be gigabytes after forty.
TEST(TransformTest, DoublingEndsAtTheLimit) {
  std::string text = R"({"name":"t","steps":[)";
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + n + R"(","name":"n)" + n +
            R"(","action":"transform","input":{"set":{"v":"{{ context.v }}{{ context.v }}"}}})";
  }
  CaseRun run(text + "]}", R"({"v":")" + std::string(1000, 'x') + "\"}");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  const StepState* last = run.run.FindStep({11, -1});
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->error->code, "output_too_large");
  EXPECT_LT(PrintJson(*run.run.context).size(), 3u << 20);
}

TEST(TransformTest, ManyLargeOutputsAtOnceEndAtTheLimit) {
  std::string text = R"({"name":"t","steps":[)";
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + n + R"(","name":"n)" + n +
            R"(","action":"transform","input":{"set":{"w":"{{ context.v }}"}}})";
  }
  CaseRun run(text + "]}", R"({"v":")" + std::string(1u << 20, 'x') + "\"}");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({31, -1})->error->code, "output_too_large");
}

TEST(TransformTest, WhatIsNoObjectFailsTheStep) {
  CaseRun run(R"({"name":"t","steps":[{"id":"a","name":"t","action":"transform","input":{"set":"{{ context.list }}"}}]})",
              R"({"list":[1]})");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "input_invalid");
}

TEST(ConditionTest, ComparesDeeplyAndWithoutCrashing) {  // defect 6
  const char* context = R"({"o":{"a":[1,{"b":null}],"c":2},"l":[1,2],"n":1,"s":"x","d":{"e":{"f":true}}})";
  const struct {
    const char* input;
    bool expected;
  } cases[] = {
      {R"({"key":"o","equals":{"c":2.0,"a":[1,{"b":null}]}})", true},
      {R"({"key":"o","equals":[1]})", false},
      {R"({"key":"l","equals":[1,2]})", true},
      {R"({"key":"l","equals":[2,1]})", false},
      {R"({"key":"l","not_equals":{"x":1}})", true},
      {R"({"key":"n","equals":1.0})", true},
      {R"({"key":"n","equals":"1"})", false},
      {R"({"key":"d.e.f","equals":true})", true},
      {R"({"key":"l.1","equals":2})", true},
      {R"({"key":"l.9","equals":null})", true},
      {R"({"key":"missing","equals":null})", true},
      {R"({"key":"s.deeper.still","equals":null})", true},
      {R"({"key":"missing","not_equals":null})", false},
      {R"({"key":"s","not_equals":"x"})", false},
  };
  for (const auto& one : cases) {
    CaseRun run(Condition(one.input), context);
    run.Begin();
    EXPECT_EQ(J(run.OutputOf(0)), J(one.expected ? R"({"result":true})" : R"({"result":false})")) << one.input;
    EXPECT_EQ(run.decision.commands.size(), 1u) << one.input;  // without on_false the run goes on
  }
}

TEST(ConditionTest, StopEndsTheRunAsSucceededAndSkipsTheRest) {
  CaseRun run(Condition(R"({"key":"go","equals":true,"on_false":"stop"})"));
  EXPECT_TRUE(run.Begin().commands.empty());
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.StatusOf(0), StepStatus::kSucceeded);
  EXPECT_EQ(run.StatusOf(1), StepStatus::kSkipped);
  EXPECT_EQ(run.history.back().type, "run.succeeded");
  EXPECT_THAT(run.history.back().payload, HasSubstr("check"));
}

TEST(ConditionTest, FailEndsTheRunAsFailed) {
  CaseRun run(Condition(R"({"key":"go","equals":true,"on_false":"fail"})"));
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kFailed);
  EXPECT_EQ(run.run.FindStep({0, -1})->error->code, "condition_false");
  EXPECT_EQ(J(run.OutputOf(0)), J(R"({"result":false})"));
}

TEST(ConditionTest, WhenItHoldsTheRunGoesOn) {
  CaseRun run(Condition(R"({"key":"go","equals":true,"on_false":"fail"})"), R"({"go":true})");
  EXPECT_EQ(run.Begin().commands.size(), 1u);
}

TEST(ConditionTest, SeesWhatTransformsBeforeItSet) {
  CaseRun run(R"({"name":"t","steps":[{"id":"a","name":"t","action":"transform","input":{"set":{"x":1}}},
    {"id":"b","name":"c","action":"condition","input":{"key":"x","equals":1,"on_false":"fail"}}]})");
  run.Begin();
  EXPECT_EQ(run.status(), RunStatus::kSucceeded);
  EXPECT_EQ(run.run.progress.revision, 1);
}

TEST(BuiltInTest, AConditionFailsInItsOwnWords) {
  CaseRun run(R"({"name":"w","steps":[{"id":"c","name":"c","action":"condition",
      "input":{"if":"context.n > 5","on_false":"fail","message":"only {{ context.n }} are left"}}]})",
              R"({"n":3})");
  run.Begin();
  EXPECT_EQ(run.run.progress.error, "only 3 are left");
  EXPECT_EQ(run.run.progress.error_code, "condition_false");
}

}  // namespace
}  // namespace orc::test
