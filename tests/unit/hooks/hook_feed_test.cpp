#include "hooks/hook_feed.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

EventRow Row(int64_t id, std::string type) {
  EventRow row;
  row.id = id;
  row.run_id = "run_1";
  row.workflow_id = "wf_1";
  row.event.type = std::move(type);
  row.event.payload = "{}";
  return row;
}

HttpReply Status(int status) {
  HttpReply reply;
  reply.status = status;
  return reply;
}

HttpReply Failed(HttpFailure failure) {
  HttpReply reply;
  reply.failure = failure;
  reply.message = "no luck";
  return reply;
}

HookFeed MakeFeed(int64_t cursor = 0) {
  HookTarget target;
  target.name = "audit_log";
  return HookFeed(target, cursor);
}

TEST(HookFeed, PassesOverHistoryThatIsNoHookEvent) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(1, "step.started"), Row(2, "run.started"), Row(3, "step.retrying")});
  ASSERT_NE(feed.NextToSend(0), nullptr);
  EXPECT_EQ(feed.NextToSend(0)->id, 2);
  EXPECT_EQ(feed.read_to(), 3);
}

TEST(HookFeed, OneAtATimeAndInOrder) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(1, "run.started"), Row(2, "run.succeeded")});
  feed.OnSent();
  EXPECT_EQ(feed.NextToSend(0), nullptr);
  feed.OnReply(Status(204), 0, 0);
  ASSERT_NE(feed.NextToSend(0), nullptr);
  EXPECT_EQ(feed.NextToSend(0)->id, 2);
}

TEST(HookFeed, WaitsAfterAFailureAndKeepsTheEvent) {
  for (const HttpReply& reply : {Status(500), Status(503), Status(408), Status(429), Status(401), Status(404), Status(302),
                                 Failed(HttpFailure::kNetwork), Failed(HttpFailure::kTimeout)}) {
    HookFeed feed = MakeFeed();
    feed.AddRows({Row(1, "run.started")});
    for (int i = 0; i < 3 * Hooks::kMaxRefusals; ++i) {
      feed.OnSent();
      feed.OnReply(reply, 0, 0);
    }
    EXPECT_EQ(feed.NextToSend(59'999'999), nullptr);
    ASSERT_NE(feed.NextToSend(60'000'000), nullptr);
    EXPECT_EQ(feed.NextToSend(60'000'000)->id, 1);
    EXPECT_EQ(feed.DueUs(), 60'000'000);
  }
}

TEST(HookFeed, PutsARefusedEventAsideAfterSomeTries) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(1, "run.started"), Row(2, "run.failed")});
  for (int i = 0; i < Hooks::kMaxRefusals; ++i) {
    ASSERT_EQ(feed.NextToSend(1'000'000'000)->id, 1);
    feed.OnSent();
    feed.OnReply(Status(422), 0, 0);
  }
  EXPECT_EQ(feed.NextToSend(0)->id, 2);
}

TEST(HookFeed, HonoursRetryAfter) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(1, "run.started")});
  feed.OnSent();
  HttpReply reply = Status(429);
  reply.headers = {{"retry-after", "7"}};
  feed.OnReply(reply, 1'000'000, 0);
  EXPECT_EQ(feed.NextToSend(7'999'999), nullptr);
  EXPECT_NE(feed.NextToSend(8'000'000), nullptr);
}

TEST(HookFeed, StoresTheCursorOnceAQuarterSecondHasPassed) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(5, "run.started"), Row(9, "run.succeeded")});
  EXPECT_FALSE(feed.CursorToStore(0, true));  // nothing delivered
  feed.OnSent();
  feed.OnReply(Status(200), 1'000, 0);
  EXPECT_FALSE(feed.CursorToStore(2'000, false));
  feed.OnSent();
  feed.OnReply(Status(200), 3'000, 0);
  EXPECT_EQ(feed.DueUs(), 251'000);
  EXPECT_EQ(feed.CursorToStore(251'000, false), 9);
  EXPECT_FALSE(feed.CursorToStore(251'000, true));  // one is on its way
  feed.OnStored(false, 300'000);
  EXPECT_EQ(feed.CursorToStore(550'000, false), 9);
  feed.OnStored(true, 600'000);
  EXPECT_EQ(feed.DueUs(), 0);
}

TEST(HookFeed, ACallCutOffByTheStopCountsAsNotDelivered) {
  HookFeed feed = MakeFeed();
  feed.AddRows({Row(1, "run.started")});
  feed.OnSent();
  feed.OnReply(Failed(HttpFailure::kCanceled), 0, 0);
  EXPECT_EQ(feed.NextToSend(0)->id, 1);
  EXPECT_FALSE(feed.CursorToStore(0, true));
}

}  // namespace
}  // namespace orc
