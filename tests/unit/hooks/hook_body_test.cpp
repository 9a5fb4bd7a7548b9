#include "hooks/hook_body.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

EventRow Row(std::string type, std::string payload, int32_t step = -1) {
  EventRow row;
  row.id = 7;
  row.run_id = "run_1";
  row.workflow_id = "wf_1";
  row.event.type = std::move(type);
  row.event.at_us = 1'700'000'000'000'000;
  row.event.step = step;
  row.event.payload = std::move(payload);
  return row;
}

TEST(HookBody, RunEventInTheSeedsShape) {
  const auto body =
      ParseJson(MakeHookBody(Row("run.waiting_approval", R"({"status":"WAITING_APPROVAL","current_step":2,"note":"who \"may\"?"})"), {}));
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(PrintJson(*body), R"({"event":"run.waiting_approval","run_id":"run_1","workflow_id":"wf_1","status":"WAITING_APPROVAL",)"
                              R"("current_step":2,"note":"who \"may\"?","ts":"2023-11-14T22:13:20.000000Z"})");
}

TEST(HookBody, TheNoteOfAFailedRunIsItsError) {
  const auto body = ParseJson(MakeHookBody(Row("run.failed", R"({"status":"FAILED","note":"","error":"status 500"})"), {}));
  EXPECT_EQ(StringAt(*body, "note"), "status 500");
}

TEST(HookBody, StepEventInTheSeedsShape) {
  const std::string payload = R"({"status":"FAILED","step_id":"step_a","step_name":"call it","step_action":"http","step_status":"FAILED",)"
                              R"("try":3,"http_code":503,"error":"status 503","error_code":"http_status"})";
  const auto body = ParseJson(MakeHookBody(Row("step.failed", payload, 0), {}));
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(PrintJson(*body),
            R"({"event":"step.failed","run_id":"run_1","workflow_id":"wf_1","step_id":"step_a","step_name":"call it",)"
            R"("step_action":"http","step_status":"FAILED","http_code":503,"error":"status 503","ts":"2023-11-14T22:13:20.000000Z"})");
}

TEST(HookBody, MemarchIsWrapped) {
  HookTarget target;
  target.shape = HookTarget::Shape::kMemarch;
  target.project_id = "p1";
  const auto body = ParseJson(MakeHookBody(Row("run.succeeded", "{}"), target));
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(StringAt(*body, "project_id"), "p1");
  EXPECT_EQ(StringAt(*body, "type"), "orchestrator");
  EXPECT_EQ(StringAt(*Find(*body, "payload"), "event"), "run.succeeded");
}

TEST(HookBody, OnlyTheSeedsSevenEventsAreSent) {
  EXPECT_TRUE(IsHookEvent("step.failed"));
  EXPECT_FALSE(IsHookEvent("step.started"));
  EXPECT_FALSE(IsHookEvent("run.canceling"));
}

TEST(HookBody, MemarchIsToldTheRunsProject) {
  HookTarget target;
  target.shape = HookTarget::Shape::kMemarch;
  target.project_id = "configured";
  const auto own = ParseJson(MakeHookBody(Row("run.started", R"({"status":"RUNNING","project_id":"acme"})"), target));
  EXPECT_EQ(StringAt(*own, "project_id"), "acme");
  const auto none = ParseJson(MakeHookBody(Row("run.started", R"({"status":"RUNNING"})"), target));
  EXPECT_EQ(StringAt(*none, "project_id"), "configured");
}

}  // namespace
}  // namespace orc
