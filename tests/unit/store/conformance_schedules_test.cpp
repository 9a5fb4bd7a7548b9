// Schedules: sets, pauses, advances, and what is due.
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

class ScheduleTest : public StoreTest {
 protected:
  static Change Set(const std::string& workflow_id, std::vector<ScheduleRow> rows) {
    Change change;
    change.schedule_sets.push_back({workflow_id, std::move(rows)});
    return change;
  }
  static Change Pause(const std::string& id, bool paused, int64_t next_us = 7000) {
    Change change;
    change.schedule_pauses.push_back({id, paused, next_us});
    return change;
  }
  static Change Advance(const std::string& id, int64_t revision, ScheduleProgress progress) {
    Change change;
    change.schedule_advances.push_back({id, revision, std::move(progress)});
    return change;
  }
  static ScheduleProgress Moved() {
    return {.next_us = 6000,
            .owed_us = 100,
            .backlog_us = 200,
            .backlog_end_us = 400,
            .last_fired_us = 5000,
            .last_run_id = "run_1",
            .skipped = 3,
            .last_skipped_us = 4000,
            .last_missed_us = 3000};
  }
  ScheduleRow Get(const std::string& id) { return Must(store().GetSchedule(id)); }
  std::string Due(int64_t until_us) {
    std::string text;
    for (const ScheduleRow& row : Must(store().ListDueSchedules(until_us, 100))) text += row.id + " ";
    return text;
  }
  std::string Owing() {
    std::string text;
    for (const ScheduleRow& row : Must(store().ListOwingSchedules("", 100))) text += row.id + " ";
    return text;
  }
};
ORC_EVERY_STORE(ScheduleTest);

TEST_P(ScheduleTest, AreStoredWithEveryField) {
  ScheduleRow row = MakeSchedule("sch_1", "every \"morning\" ü");
  row.paused = true;
  row.progress = Moved();
  ASSERT_OK(Commit({Set("wf_1", {row})}));
  EXPECT_EQ(Describe(Get("sch_1")), Describe(row));
  EXPECT_FAILS(store().GetSchedule("sch_2"), ErrorCode::kNotFound);
}

TEST_P(ScheduleTest, AreKnownByTheirName) {
  ASSERT_OK(
      Commit({Set("wf_1", {MakeSchedule("sch_1", "a"), MakeSchedule("sch_2", "b")}), Set("wf_2", {MakeSchedule("sch_3", "a", "wf_2")})}));
  ASSERT_OK(Commit({Advance("sch_1", 1, Moved())}));
  ScheduleRow next = MakeSchedule("sch_4", "a");
  next.workflow_version = 4;
  next.context = "{}";
  next.overlap = ScheduleOverlap::kAllow;
  next.catch_up = ScheduleCatchUp::kAll;
  next.created_us = 2000;
  next.progress.next_us = 9000;
  ASSERT_OK(Commit({Set("wf_1", {next})}));

  ScheduleRow expected = next;
  expected.id = "sch_1";
  expected.created_us = 1000;
  expected.revision = 3;
  expected.progress = Moved();  // the same cron expression and zone: it goes on where it was
  EXPECT_EQ(Describe(Get("sch_1")), Describe(expected));
  EXPECT_FALSE(Get("sch_2").active);
  EXPECT_TRUE(Get("sch_3").active);
  EXPECT_FAILS(store().GetSchedule("sch_4"), ErrorCode::kNotFound);
}

TEST_P(ScheduleTest, AnotherCronOrZoneBeginsAnew) {
  for (const bool by_cron : {true, false}) {
    const std::string id = by_cron ? "sch_1" : "sch_2";
    const std::string workflow = by_cron ? "wf_1" : "wf_2";
    ASSERT_OK(Commit({Set(workflow, {MakeSchedule(id, "a", workflow)})}));
    ASSERT_OK(Commit({Advance(id, 1, Moved())}));
    ScheduleRow next = MakeSchedule("sch_9", "a", workflow);
    (by_cron ? next.cron : next.timezone) = by_cron ? "@daily" : "UTC";
    next.progress.next_us = 9000;
    ASSERT_OK(Commit({Set(workflow, {next})}));
    ScheduleProgress expected = Moved();
    expected.next_us = 9000;
    expected.backlog_us = expected.backlog_end_us = 0;
    EXPECT_EQ(Get(id).progress, expected);
  }
}

TEST_P(ScheduleTest, WhatGoesStaysWithItsStateAndComesBack) {
  ASSERT_OK(Commit({Set("wf_1", {MakeSchedule("sch_1", "a")})}));
  ASSERT_OK(Commit({Advance("sch_1", 1, Moved())}));
  ASSERT_OK(Commit({Set("wf_1", {})}));
  ScheduleProgress expected = Moved();
  expected.owed_us = expected.backlog_us = expected.backlog_end_us = 0;
  EXPECT_EQ(Get("sch_1").progress, expected);
  EXPECT_FALSE(Get("sch_1").active);
  EXPECT_EQ(Due(1'000'000), "");
  EXPECT_EQ(Owing(), "");
  EXPECT_TRUE(Must(store().ListSchedules("", {})).items.empty());
  const int64_t revision = Get("sch_1").revision;
  ASSERT_OK(Commit({Set("wf_1", {})}));
  EXPECT_EQ(Get("sch_1").revision, revision);  // nothing to be done

  ScheduleRow again = MakeSchedule("sch_2", "a");
  again.progress.next_us = 9000;
  ASSERT_OK(Commit({Set("wf_1", {again})}));
  expected.next_us = 9000;
  EXPECT_EQ(Get("sch_1").progress, expected);
  EXPECT_EQ(Due(1'000'000), "sch_1 ");
}

TEST_P(ScheduleTest, APauseOutlivesVersions) {
  ASSERT_OK(Commit({Set("wf_1", {MakeSchedule("sch_1", "a")})}));
  ASSERT_OK(Commit({Advance("sch_1", 1, Moved())}));
  ASSERT_OK(Commit({Pause("sch_1", true)}));
  EXPECT_EQ(Get("sch_1").progress.owed_us, 0);
  EXPECT_EQ(Get("sch_1").progress.backlog_us, 0);
  EXPECT_EQ(Due(1'000'000), "");
  ASSERT_OK(Commit({Set("wf_1", {MakeSchedule("sch_2", "a")}), Set("wf_1", {}), Set("wf_1", {MakeSchedule("sch_3", "a")})}));
  EXPECT_TRUE(Get("sch_1").paused);
  EXPECT_EQ(Due(1'000'000), "");

  ASSERT_OK(Commit({Pause("sch_1", true, 8000)}));
  ASSERT_OK(Commit({Pause("sch_1", false, 7000)}));
  EXPECT_EQ(Get("sch_1").progress.next_us, 7000);
  EXPECT_EQ(Due(7000), "sch_1 ");
  ASSERT_OK(Commit({Pause("sch_1", false, 9000)}));
  EXPECT_EQ(Get("sch_1").progress.next_us, 7000);  // it was not paused
  EXPECT_EQ(Get("sch_1").progress.last_fired_us, 5000);
  EXPECT_FAILS(Commit({Pause("sch_9", true)}), ErrorCode::kNotFound);
}

TEST_P(ScheduleTest, AnAdvanceIsFencedByTheRevision) {
  ASSERT_OK(Commit({Set("wf_1", {MakeSchedule("sch_1", "a")})}));
  ASSERT_OK(Commit({Advance("sch_1", 1, Moved())}));
  EXPECT_EQ(Get("sch_1").progress, Moved());
  EXPECT_EQ(Get("sch_1").revision, 2);
  // With the change that carries it: a run that was made for it is not made.
  Change both = Advance("sch_1", 1, {});
  both.new_runs.push_back(MakeRun("run_1"));
  const Result<void> refused = Commit({both});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(refused.error().message, "schedule \"sch_1\" is at revision 2, the change was made for revision 1");
  EXPECT_FAILS(store().GetRun("run_1"), ErrorCode::kNotFound);
  EXPECT_FAILS(Commit({Advance("sch_9", 1, {})}), ErrorCode::kNotFound);
  // Two steps of one schedule in one batch, and everything else that moves it.
  ASSERT_OK(Commit({Advance("sch_1", 2, {.next_us = 1}), Advance("sch_1", 3, {.next_us = 2})}));
  EXPECT_EQ(Get("sch_1").progress.next_us, 2);
  ASSERT_OK(Commit({Pause("sch_1", true)}));
  EXPECT_FAILS(Commit({Advance("sch_1", 4, {})}), ErrorCode::kConflict);
  ASSERT_OK(Commit({Set("wf_1", {MakeSchedule("sch_2", "a")})}));
  EXPECT_FAILS(Commit({Advance("sch_1", 5, {})}), ErrorCode::kConflict);
  EXPECT_EQ(Get("sch_1").revision, 6);
}

TEST_P(ScheduleTest, TheDueOnesComeInTheirOrder) {
  Change change = Set("wf_1", {});
  for (int i = 0; i < 5; ++i) {
    ScheduleRow row = MakeSchedule("sch_" + std::to_string(i), "n" + std::to_string(i));
    row.progress.next_us = 5000 - i * 1000;
    row.paused = i == 2;
    change.schedule_sets[0].rows.push_back(row);
  }
  change.schedule_sets[0].rows[3].progress.next_us = 0;  // never
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Due(5000), "sch_4 sch_1 sch_0 ");
  EXPECT_EQ(Due(4000), "sch_4 sch_1 ");
  EXPECT_EQ(Due(999), "");
  EXPECT_EQ(Must(store().ListDueSchedules(5000, 2)).size(), 2u);
}

TEST_P(ScheduleTest, TheOwingOnesWaitForTheirRuns) {
  const ScheduleOverlap overlaps[] = {ScheduleOverlap::kSkip, ScheduleOverlap::kQueue, ScheduleOverlap::kAllow,
                                      ScheduleOverlap::kCancelRunning};
  Change change = Set("wf_1", {});
  for (int i = 0; i < 4; ++i) {
    const std::string id = "sch_" + std::to_string(i);
    ScheduleRow row = MakeSchedule(id, id);
    row.overlap = overlaps[i];
    row.progress.owed_us = 100;
    change.schedule_sets[0].rows.push_back(row);
    orc::Run run = MakeRun("run_" + std::to_string(i), 1000 + i, RunStatus::kWaiting);
    run.identity.schedule_id = id;
    run.identity.scheduled_us = 77;
    change.new_runs.push_back(run);
  }
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Owing(), "sch_2 sch_3 ");
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK(Commit({Update(MakeUpdate(change.new_runs[static_cast<size_t>(i)], RunStatus::kFailed))}));
  }
  EXPECT_EQ(Owing(), "sch_0 sch_1 sch_2 sch_3 ");
  EXPECT_EQ(Must(store().ListOwingSchedules("sch_1", 1)).at(0).id, "sch_2");
}

TEST_P(ScheduleTest, RunsAreFoundByTheirSchedule) {
  std::vector<orc::Run> runs;
  for (int i = 0; i < 4; ++i) {
    runs.push_back(MakeRun("run_" + std::to_string(i), 1000 + i, i == 1 ? RunStatus::kSucceeded : RunStatus::kPaused));
    runs.back().identity.schedule_id = i == 3 ? "" : "sch_1";
    runs.back().identity.scheduled_us = 70 + i;
    ASSERT_OK(Commit({NewRun(runs.back())}));
  }
  EXPECT_EQ(Describe(Must(store().GetRun("run_2")).identity), Describe(runs[2].identity));
  const auto live = Must(store().ListLiveRunsOfSchedule("sch_1", 10));
  ASSERT_EQ(live.size(), 2u);
  EXPECT_EQ(live[0], (std::pair<std::string, RunStatus>("run_0", RunStatus::kPaused)));
  EXPECT_EQ(live[1].first, "run_2");
  EXPECT_EQ(Must(store().ListLiveRunsOfSchedule("sch_1", 1)).size(), 1u);
  EXPECT_TRUE(Must(store().ListLiveRunsOfSchedule("", 10)).empty());
  const auto ids = [&](const RunFilter& filter) {
    std::string text;
    for (const orc::Run& run : Must(store().ListRuns(filter, {})).items) text += run.identity.id + " ";
    return text;
  };
  EXPECT_EQ(ids({.schedule_id = "sch_1"}), "run_2 run_1 run_0 ");
  EXPECT_EQ(ids({.statuses = {RunStatus::kPaused}, .workflow_id = "wf_1", .schedule_id = "sch_1"}), "run_2 run_0 ");
  EXPECT_EQ(ids({.workflow_id = "wf_2", .schedule_id = "sch_1"}), "");
  EXPECT_EQ(ids({.schedule_id = "sch_9"}), "");
}

TEST_P(ScheduleTest, TheListIsInPages) {
  Change change = Set("wf_1", {});
  for (int i = 0; i < 5; ++i) {
    const std::string id = "sch_" + std::to_string(i);
    change.schedule_sets[0].rows.push_back(MakeSchedule(id, id));
    change.schedule_sets[0].rows.back().created_us = 1000 + i;
  }
  ScheduleRow other = MakeSchedule("sch_9", "x", "wf_2");
  other.created_us = 5000;
  ASSERT_OK(Commit({change, Set("wf_2", {other})}));
  const auto ids = [&](const std::string& workflow) {
    std::string text;
    Page page{.limit = 2, .cursor = ""};
    do {
      const auto rows = Must(store().ListSchedules(workflow, page));
      for (const ScheduleRow& row : rows.items) text += row.id + " ";
      text += "/ ";
      page.cursor = rows.next_cursor;
    } while (!page.cursor.empty());
    return text;
  };
  EXPECT_EQ(ids(""), "sch_9 sch_4 / sch_3 sch_2 / sch_1 sch_0 / ");
  EXPECT_EQ(ids("wf_1"), "sch_4 sch_3 / sch_2 sch_1 / sch_0 / ");
  EXPECT_EQ(ids("wf_3"), "/ ");
}

}  // namespace
}  // namespace orc::test
