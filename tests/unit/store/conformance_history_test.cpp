// Events, logs, idempotency keys and hook cursors, on every store.
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using HistoryTest = StoreTest;
ORC_EVERY_STORE(HistoryTest);

TEST_P(HistoryTest, EventsComeBackWholeInOrderOfCommit) {
  Change one, two;
  one.events = {MakeEvent("run_1", 1), MakeEvent("run_1", 2)};
  two.events = {MakeEvent("run_2", 1), MakeEvent("run_1", 3)};
  EXPECT_EQ(Must(store().LastEventId()), 0);
  ASSERT_OK(Commit({one, two}));
  std::vector<EventRow> all = Must(store().ReadEvents("", 0, 100));
  ASSERT_EQ(all.size(), 4u);
  std::string order;
  for (size_t i = 0; i < all.size(); ++i) {
    order += all[i].run_id + "#" + std::to_string(all[i].event.number) + " ";
    EXPECT_GT(all[i].id, i > 0 ? all[i - 1].id : 0);
  }
  EXPECT_EQ(order, "run_1#1 run_1#2 run_2#1 run_1#3 ");
  EXPECT_EQ(Must(store().LastEventId()), all.back().id);
  EventRow expected = one.events[0];
  expected.id = all[0].id;
  EXPECT_EQ(Describe(all[0]), Describe(expected));
}

TEST_P(HistoryTest, ReadingGoesOnAfterAnId) {
  Change change;
  for (int i = 1; i <= 10; ++i) change.events.push_back(MakeEvent(i % 2 ? "run_1" : "run_2", i));
  ASSERT_OK(Commit({change}));
  int64_t after = 0;
  std::vector<int64_t> numbers;
  while (true) {
    std::vector<EventRow> rows = Must(store().ReadEvents("run_1", after, 2));
    if (rows.empty()) break;
    EXPECT_LE(rows.size(), 2u);
    for (const EventRow& row : rows) numbers.push_back(row.event.number);
    after = rows.back().id;
  }
  EXPECT_EQ(numbers, (std::vector<int64_t>{1, 3, 5, 7, 9}));
  EXPECT_TRUE(Must(store().ReadEvents("", Must(store().LastEventId()), 10)).empty());
  EXPECT_TRUE(Must(store().ReadEvents("", 0, 0)).empty());
}

TEST_P(HistoryTest, AnIdIsNeverGivenTwice) {
  Change change = NewRun(MakeRun("run_1", 1000, RunStatus::kFailed));
  change.events = {MakeEvent("run_1", 1)};
  change.logs = {MakeLog("run_1", "x")};
  ASSERT_OK(Commit({change, NewRun(MakeRun("run_2"))}));
  int64_t last = Must(store().LastEventId());
  int64_t last_log = Must(store().ReadLogs("", 0, 1)).at(0).id;
  Change remove, next;
  remove.deleted_runs = {"run_1"};
  next.events = {MakeEvent("run_2", 1)};
  next.logs = {MakeLog("run_2", "y")};
  ASSERT_OK(Commit({remove}));
  EXPECT_EQ(Must(store().LastEventId()), last);
  ASSERT_OK(Commit({next}));
  EXPECT_EQ(Must(store().ReadEvents("", last, 10)).size(), 1u);
  EXPECT_EQ(Must(store().ReadLogs("", last_log, 10)).size(), 1u);
}

TEST_P(HistoryTest, EventsOfADeletedRunStayUntilEveryHookHasThem) {
  Change change = NewRun(MakeRun("run_1", 1000, RunStatus::kFailed));
  change.events = {MakeEvent("run_1", 1), MakeEvent("run_1", 2), MakeEvent("run_1", 3)};
  change.hook_cursors = {{"fast", 3}, {"slow", 1}};
  Change remove;
  remove.deleted_runs = {"run_1"};
  ASSERT_OK(Commit({change}));
  ASSERT_OK(Commit({remove}));
  EXPECT_EQ(Must(store().ReadEvents("", 0, 10)).size(), 2u);
  Change further, last;
  further.hook_cursors = {{"slow", 2}};
  last.hook_cursors = {{"slow", 3}};
  ASSERT_OK(Commit({further}));
  EXPECT_EQ(Must(store().ReadEvents("", 0, 10)).size(), 1u);
  ASSERT_OK(Commit({last}));
  EXPECT_TRUE(Must(store().ReadEvents("", 0, 10)).empty());
}

TEST_P(HistoryTest, LinesForARunThatIsGoneAreDropped) {
  Change change;
  change.logs = {MakeLog("run_gone", "too late")};
  ASSERT_OK(Commit({change}));
  EXPECT_TRUE(Must(store().ReadLogs("", 0, 10)).empty());
}

TEST_P(HistoryTest, LogsComeBackWholeInOrder) {
  ASSERT_OK(Commit({NewRun(MakeRun("run_1")), NewRun(MakeRun("run_2"))}));
  Change change;
  change.logs = {MakeLog("run_1", "one\nline \"more\""), MakeLog("run_2", ""), MakeLog("run_1", "two")};
  ASSERT_OK(Commit({change}));
  std::vector<LogRow> rows = Must(store().ReadLogs("run_1", 0, 10));
  ASSERT_EQ(rows.size(), 2u);
  LogRow expected = change.logs[0];
  expected.id = rows[0].id;
  EXPECT_EQ(Describe(rows[0]), Describe(expected));
  EXPECT_EQ(rows[1].text, "two");
  EXPECT_EQ(Must(store().ReadLogs("run_1", rows[0].id, 10)).size(), 1u);
  EXPECT_EQ(Must(store().ReadLogs("", 0, 10)).size(), 3u);
  EXPECT_EQ(Must(store().ReadLogs("run_1", 0, 1)).size(), 1u);
}

IdempotencyRow MakeKey(const std::string& scope, const std::string& key, int64_t created_us) {
  return {scope, key, "hash", 201, "/v1/runs/run_1", R"({"id":"run_1"})", created_us};
}

Change Keep(const IdempotencyRow& row) {
  Change change;
  change.idempotency.push_back(row);
  return change;
}

TEST_P(HistoryTest, AnIdempotencyKeyIsTakenOnceInItsScope) {
  IdempotencyRow row = MakeKey("POST /v1/runs", "k", 1000);
  ASSERT_OK(Commit({Keep(row), Keep(MakeKey("POST /v1/workflows", "k", 1000))}));
  std::optional<IdempotencyRow> found = Must(store().FindIdempotency("POST /v1/runs", "k"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->body_hash, row.body_hash);
  EXPECT_EQ(found->status, row.status);
  EXPECT_EQ(found->location, row.location);
  EXPECT_EQ(found->body, row.body);
  EXPECT_EQ(found->created_us, row.created_us);
  EXPECT_FALSE(Must(store().FindIdempotency("POST /v1/runs", "other")).has_value());
  EXPECT_FAILS(Commit({Keep(row)}), ErrorCode::kConflict);
  EXPECT_FAILS(Commit({Keep(MakeKey("s", "twice", 1)), Keep(MakeKey("s", "twice", 2))}), ErrorCode::kConflict);
  EXPECT_FALSE(Must(store().FindIdempotency("s", "twice")).has_value());
}

TEST_P(HistoryTest, OldIdempotencyKeysGoAndMayBeUsedAgain) {
  ASSERT_OK(Commit({Keep(MakeKey("s", "old", 1000)), Keep(MakeKey("s", "edge", 2000)), Keep(MakeKey("s", "new", 3000))}));
  Change change = Keep(MakeKey("s", "old", 5000));
  change.idempotency_before_us = 2000;
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Must(store().FindIdempotency("s", "old"))->created_us, 5000);
  EXPECT_TRUE(Must(store().FindIdempotency("s", "edge")).has_value());
  EXPECT_TRUE(Must(store().FindIdempotency("s", "new")).has_value());
}

TEST_P(HistoryTest, AHookCursorMoves) {
  EXPECT_EQ(Must(store().GetHookCursor("memarch")), 0);
  Change one, two;
  one.hook_cursors = {{"memarch", 5}, {"audit_log", 7}};
  two.hook_cursors = {{"memarch", 6}};
  ASSERT_OK(Commit({one, two}));
  EXPECT_EQ(Must(store().GetHookCursor("memarch")), 6);
  EXPECT_EQ(Must(store().GetHookCursor("audit_log")), 7);
}

}  // namespace
}  // namespace orc::test
