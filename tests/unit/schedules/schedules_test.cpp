// The service over a whole engine and a memory store, on a clock that the test sets.
#include "schedules/schedules.h"

#include "base/log.h"
#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;
constexpr const char* kWorkflow = R"({"name":"w","labels":{"team":"a"},"steps":[{"id":"s","name":"a","action":"http","input":{}}]})";

class SchedulesTest : public ::testing::Test {
 protected:
  SchedulesTest() { StartService(); }
  ~SchedulesTest() override { service.reset(); }

  void StartService() {
    service = Schedules::Start({bench.clock, bench.ids, bench.store, *bench.definitions, *bench.engine, *bench.committer, *bench.notifier},
                               false);
  }
  /// As the death of the process, and its next start.
  void Restart(const std::function<void()>& while_down = [] {}) {
    service.reset();
    bench.Kill();
    while_down();
    bench.Boot();
    StartService();
  }

  ScheduleRow Row(ScheduleOverlap overlap = ScheduleOverlap::kSkip, ScheduleCatchUp catch_up = ScheduleCatchUp::kNone) {
    ScheduleRow row;
    row.id = bench.ids.New(kSchedulePrefix);
    row.name = "hourly";
    row.created_us = bench.clock.NowUs();
    row.workflow_version = 1;
    row.cron = "@hourly";
    row.overlap = overlap;
    row.catch_up = catch_up;
    row.context = R"({"n":1})";
    return row;
  }
  /// A workflow with that schedule; the schedule's id.
  std::string Add(ScheduleRow row, const std::string& definition = kWorkflow) {
    row.workflow_id = workflow_id = bench.AddWorkflow(definition);
    const std::string id = row.id;
    Store({std::move(row)});
    return id;
  }
  /// What a new version with these schedules would write.
  void Store(std::vector<ScheduleRow> rows) {
    Change change;
    for (ScheduleRow& row : rows) {
      row.workflow_id = workflow_id;
      const auto timetable = Timetable::Make(row.cron, row.timezone);
      row.progress.next_us = timetable.ok() ? *timetable->NextUs(bench.clock.NowUs()) : bench.clock.NowUs();
    }
    change.schedule_sets.push_back({workflow_id, std::move(rows)});
    Write(std::move(change));
  }
  /// As clients write: by the committer.
  void Write(Change change) {
    std::promise<Result<void>> promise;
    const auto taken = bench.committer->Submit(std::move(change), Committer::Urgency::kUnderWay,
                                               [&](const Result<void>& done) { promise.set_value(done); });
    ASSERT_TRUE(taken.ok());
    const Result<void> written = promise.get_future().get();
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  ScheduleRow Get(const std::string& id) {
    const auto row = bench.store.GetSchedule(id);
    EXPECT_TRUE(row.ok());
    return row.ok() ? *row : ScheduleRow{};
  }
  /// Sets the clock to `hours` after the first full hour to come, and a second more.
  void SetTime(double hours) {
    if (first_us == 0) first_us = (bench.clock.NowUs() / kHourUs + 1) * kHourUs;
    const SystemClock system;
    bench.clock.Set(first_us + static_cast<int64_t>(hours * kHourUs) + 1'000'000 - system.NowUs());
    if (service) service->Look();
  }
  std::vector<orc::Run> Runs(const std::string& id) {
    const auto runs = bench.store.ListRuns({.schedule_id = id}, {.limit = 500, .cursor = ""});
    return runs.ok() ? runs->items : std::vector<orc::Run>();
  }
  /// The instants of the schedule's runs, in hours after the first.
  std::string Fired(const std::string& id) {
    std::vector<int64_t> hours;
    for (const orc::Run& run : Runs(id)) hours.push_back((run.identity.scheduled_us - first_us) / kHourUs);
    std::sort(hours.begin(), hours.end());
    std::string text;
    for (const int64_t hour : hours) text += std::to_string(hour) + " ";
    return text;
  }
  bool Eventually(const std::function<bool()>& holds) {
    return orc::test::Eventually([&] {
      service->Look();
      return holds();
    });
  }
  /// The service has looked at everything: what it was going to do it has done.
  void Settle() {
    ScheduleRow probe = Row(ScheduleOverlap::kAllow);
    probe.progress.owed_us = bench.clock.NowUs() - 1;
    const std::string mine = workflow_id;
    const std::string id = Add(std::move(probe));
    EXPECT_TRUE(Eventually([&] { return !Runs(id).empty(); }));
    Store({});
    workflow_id = mine;
  }

  EngineBench bench;
  std::unique_ptr<Schedules> service;
  std::string workflow_id;
  int64_t first_us = 0;
};

TEST_F(SchedulesTest, ARunBeginsWithEverythingThatIsItsOwn) {
  const std::string id = Add(Row());
  SetTime(-0.5);
  Settle();
  EXPECT_EQ(Fired(id), "");
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Runs(id).size() == 1; }));
  const orc::Run run = *bench.store.GetRun(Runs(id)[0].identity.id);
  EXPECT_EQ(run.identity.created_by, "schedule:hourly");
  EXPECT_EQ(run.identity.workflow_id, workflow_id);
  EXPECT_EQ(run.identity.scheduled_us, first_us);
  EXPECT_EQ(run.identity.labels, R"({"team":"a"})");
  EXPECT_EQ(PrintJson(*run.context), R"({"n":1})");
  const ScheduleRow row = Get(id);
  EXPECT_EQ(row.progress.last_run_id, run.identity.id);
  EXPECT_EQ(row.progress.last_fired_us, first_us);
  EXPECT_EQ(row.progress.next_us, first_us + kHourUs);
}

TEST_F(SchedulesTest, TheRunAndTheStepAreOneChange) {
  std::atomic<int> together = 0, apart = 0;
  bench.store.JudgeCommits([&](std::span<const Change* const> changes) -> std::optional<std::pair<FaultyStore::When, Error>> {
    for (const Change* change : changes) {
      if (change->new_runs.empty() && change->schedule_advances.empty()) continue;
      ++(change->new_runs.size() == change->schedule_advances.size() ? together : apart);
    }
    return std::nullopt;
  });
  const std::string id = Add(Row());
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Runs(id).size() == 1; }));
  EXPECT_EQ(together, 1);
  EXPECT_EQ(apart, 0);
}

TEST_F(SchedulesTest, AFailedCommitLosesNothingAndDoublesNothing) {
  for (const auto when : {FaultyStore::When::kBeforeWriting, FaultyStore::When::kAfterWriting}) {
    bench.runner.script = AlwaysSucceeds;
    first_us = 0;
    const std::string id = Add(Row());
    std::atomic<int> faults = 2;
    bench.store.JudgeCommits([&](std::span<const Change* const> changes) -> std::optional<std::pair<FaultyStore::When, Error>> {
      const bool fires = std::any_of(changes.begin(), changes.end(), [](const Change* change) { return !change->new_runs.empty(); });
      if (!fires || faults-- <= 0) return std::nullopt;
      return std::pair(when, Error{ErrorCode::kUnavailable, "the disk says no"});
    });
    SetTime(0);
    ASSERT_TRUE(Eventually([&] { return Get(id).progress.last_fired_us == first_us; }));
    ASSERT_TRUE(bench.WaitForStatus(Get(id).progress.last_run_id, RunStatus::kSucceeded));
    SetTime(1);
    ASSERT_TRUE(Eventually([&] { return Get(id).progress.last_fired_us == first_us + kHourUs; }));
    EXPECT_EQ(Fired(id), "0 1 ");
    bench.store.JudgeCommits({});
    Store({});
  }
}

TEST_F(SchedulesTest, NothingIsLostWhileTheStoreCannotBeRead) {
  const std::string id = Add(Row());
  bench.store.BreakReads(true);
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return bench.store.refused_reads() > 2; }));
  EXPECT_EQ(Fired(id), "");
  bench.store.BreakReads(false);
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 "; }));
}

TEST_F(SchedulesTest, ARestartFiresNothingTwice) {
  const std::string id = Add(Row(ScheduleOverlap::kAllow));
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Fired(id) == "0 "; }));
  for (int i = 0; i < 3; ++i) Restart();
  Settle();
  EXPECT_EQ(Fired(id), "0 ");
  SetTime(1);
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 1 "; }));
}

TEST_F(SchedulesTest, WhatCameDueWhileTheServerWasDownIsForCatchUp) {
  const std::string none = Add(Row(ScheduleOverlap::kAllow, ScheduleCatchUp::kNone));
  const std::string last = Add(Row(ScheduleOverlap::kAllow, ScheduleCatchUp::kLast));
  const std::string all = Add(Row(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll));
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Fired(all) == "0 " && Fired(none) == "0 " && Fired(last) == "0 "; }));
  Restart([&] { SetTime(4.5); });
  ASSERT_TRUE(Eventually([&] { return Fired(all) == "0 1 2 3 4 "; })) << Fired(all);
  EXPECT_TRUE(Eventually([&] { return Fired(last) == "0 4 "; })) << Fired(last);
  Settle();
  EXPECT_EQ(Fired(none), "0 ");
  EXPECT_EQ(Get(none).progress.last_missed_us, first_us + 4 * kHourUs);
  SetTime(5);
  EXPECT_TRUE(Eventually([&] { return Fired(none) == "0 5 " && Fired(last) == "0 4 5 " && Fired(all) == "0 1 2 3 4 5 "; }));
}

TEST_F(SchedulesTest, SkipLeavesOutWhatMeetsALiveRun) {
  const std::string id = Add(Row(ScheduleOverlap::kSkip));
  SetTime(0);
  const auto first = bench.runner.WaitForStart(1);
  ASSERT_TRUE(first);
  SetTime(1);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.skipped == 1; }));
  bench.runner.Succeed(first->key);
  ASSERT_TRUE(bench.WaitForStatus(first->key.run_id, RunStatus::kSucceeded));
  SetTime(2);
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 2 "; }));
}

TEST_F(SchedulesTest, QueueBeginsWhenTheLiveOneHasEnded) {
  const std::string id = Add(Row(ScheduleOverlap::kQueue));
  SetTime(0);
  const auto first = bench.runner.WaitForStart(1);
  ASSERT_TRUE(first);
  SetTime(1);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.owed_us == first_us + kHourUs; }));
  SetTime(2);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.skipped == 1; }));
  EXPECT_EQ(Fired(id), "0 ");
  bench.runner.Succeed(first->key);
  // By the news of its end: nobody has to look.
  EXPECT_TRUE(orc::test::Eventually([&] { return Fired(id) == "0 1 "; }));
  EXPECT_EQ(Get(id).progress.owed_us, 0);
}

TEST_F(SchedulesTest, WhatIsQueuedOutlivesARestart) {
  const std::string id = Add(Row(ScheduleOverlap::kQueue));
  SetTime(0);
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  SetTime(1);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.owed_us > 0; }));
  Restart();
  const auto again = bench.runner.WaitForStart(2);
  ASSERT_TRUE(again);
  bench.runner.Succeed(again->key);
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 1 "; }));
}

TEST_F(SchedulesTest, AllowBeginsSideBySide) {
  const std::string id = Add(Row(ScheduleOverlap::kAllow));
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Fired(id) == "0 "; }));
  SetTime(1);
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 1 "; }));
  EXPECT_EQ(bench.store.ListLiveRunsOfSchedule(id, 10)->size(), 2u);
}

TEST_F(SchedulesTest, CancelRunningCancelsThenBegins) {
  bench.runner.obeys_cancel = false;
  const std::string id = Add(Row(ScheduleOverlap::kCancelRunning));
  SetTime(0);
  const auto first = bench.runner.WaitForStart(1);
  ASSERT_TRUE(first);
  SetTime(1);
  ASSERT_TRUE(bench.runner.WaitForCancel(1));
  Settle();
  EXPECT_EQ(Fired(id), "0 ");  // not before it has ended
  EXPECT_EQ(bench.StatusOf(first->key.run_id), RunStatus::kCanceling);
  bench.runner.Finish({.key = first->key, .outcome = AttemptFinished::Outcome::kCanceled});
  EXPECT_TRUE(orc::test::Eventually([&] { return Fired(id) == "0 1 "; }));
  EXPECT_EQ(bench.StatusOf(first->key.run_id), RunStatus::kCanceled);
}

TEST_F(SchedulesTest, ACancelThatACrashLostIsSentAgain) {
  const std::string id = Add(Row(ScheduleOverlap::kCancelRunning));
  SetTime(0);
  ASSERT_TRUE(bench.runner.WaitForStart(1));
  Restart([&] {
    // As a process leaves it that died between the step and the cancel.
    ScheduleRow row = Get(id);
    row.progress.owed_us = first_us + kHourUs;
    row.progress.next_us = first_us + 2 * kHourUs;
    Change change;
    change.schedule_advances.push_back({id, row.revision, row.progress});
    const Change* changes[] = {&change};
    ASSERT_TRUE(bench.store.Commit(changes).ok());
    SetTime(1);
  });
  EXPECT_TRUE(Eventually([&] { return Fired(id) == "0 1 "; }));
}

TEST_F(SchedulesTest, APausedOneRestsAndCatchesUpNothing) {
  const std::string id = Add(Row(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll));
  SetTime(-0.5);
  Change pause;
  pause.schedule_pauses.push_back({id, true, 0});
  Write(std::move(pause));
  SetTime(3);
  Settle();
  EXPECT_EQ(Fired(id), "");
  Change resume;
  resume.schedule_pauses.push_back({id, false, *Timetable::Make("@hourly", "UTC")->NextUs(bench.clock.NowUs())});
  Write(std::move(resume));
  SetTime(4);
  ASSERT_TRUE(Eventually([&] { return Fired(id) == "4 "; })) << Fired(id);
}

TEST_F(SchedulesTest, ANewVersionKeepsTheLastFire) {
  const std::string id = Add(Row(ScheduleOverlap::kAllow));
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Fired(id) == "0 "; }));
  ScheduleRow next = Row(ScheduleOverlap::kAllow);
  next.cron = "30 * * * *";
  SetTime(0.25);
  Store({next});
  EXPECT_EQ(Get(id).progress.last_fired_us, first_us);
  EXPECT_EQ(Get(id).progress.next_us, first_us + kHourUs / 2);
  SetTime(0.5);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.last_fired_us == first_us + kHourUs / 2; }));
  // The clock is set back, and the old expression rolled back to: what has fired does not fire again.
  SetTime(-0.5);
  Store({Row(ScheduleOverlap::kAllow)});
  SetTime(0.75);
  Settle();
  EXPECT_EQ(Runs(id).size(), 2u);
  SetTime(1);
  EXPECT_TRUE(Eventually([&] { return Runs(id).size() == 3; }));
}

TEST_F(SchedulesTest, OneThatTheVersionDropsStops) {
  const std::string id = Add(Row());
  Store({});
  SetTime(0);
  Settle();
  EXPECT_EQ(Fired(id), "");
}

TEST_F(SchedulesTest, ARunThatIsRefusedIsSkippedAndTheNextTried) {
  const std::string id =
      Add(Row(), R"({"name":"w","input_schema":{"required":["m"]},"steps":[{"id":"s","name":"a","action":"http","input":{}}]})");
  SetTime(0);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.skipped == 1; }));
  EXPECT_EQ(Get(id).progress.last_fired_us, 0);
  SetTime(1);
  ASSERT_TRUE(Eventually([&] { return Get(id).progress.skipped == 2; }));
  EXPECT_EQ(Fired(id), "");
}

TEST_F(SchedulesTest, AConflictThatIsNotTheRowsIsARefusalToo) {
  const std::string id = Add(Row());
  WorkflowRow workflow = *bench.store.GetWorkflow(workflow_id);
  workflow.archived = true;
  Change change;
  change.workflow_updates.push_back({0, workflow});
  Write(std::move(change));
  SetTime(0);
  EXPECT_TRUE(Eventually([&] { return Get(id).progress.skipped == 1; }));
  EXPECT_EQ(Fired(id), "");
}

TEST_F(SchedulesTest, OneWhoseTimesCannotBeComputedIsPaused) {
  ScheduleRow row = Row();
  row.timezone = "Europe/Atlantis";
  const std::string id = Add(std::move(row));
  EXPECT_TRUE(Eventually([&] { return Get(id).paused; }));
  EXPECT_EQ(Fired(id), "");
}

TEST_F(SchedulesTest, AThousandComeDueAtOnce) {
  bench.runner.script = AlwaysSucceeds;
  workflow_id = bench.AddWorkflow(kWorkflow);
  std::vector<ScheduleRow> rows;
  for (int i = 0; i < 1'000; ++i) {
    rows.push_back(Row());
    rows.back().name = "n" + std::to_string(i);
  }
  Store(std::move(rows));
  SetTime(0);
  const auto count = [&] { return bench.store.ListRuns({.workflow_id = workflow_id}, {.limit = 10'000, .cursor = ""})->items.size(); };
  EXPECT_TRUE(orc::test::Eventually([&] { return count() == 1'000; }));
  Settle();
  EXPECT_EQ(count(), 1'000u);
}

TEST_F(SchedulesTest, StopsInTheMiddleOfEverything) {
  const std::string id = Add(Row(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll));
  SetTime(50);
  service.reset();
  bench.Kill();
  bench.Boot();
  StartService();
  ASSERT_TRUE(Eventually([&] { return Runs(id).size() == 51; })) << Fired(id);
  Settle();
  EXPECT_EQ(Runs(id).size(), 51u);
}

}  // namespace
}  // namespace orc::test
