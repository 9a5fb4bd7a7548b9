// Runs: what is kept of them, how updates are fenced, how they are listed. On every store.
#include <algorithm>

#include "base/json.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using RunsTest = StoreTest;
ORC_EVERY_STORE(RunsTest);

std::string IdsOf(const std::vector<Run>& runs) {
  std::string text;
  for (const Run& run : runs) text += run.identity.id + " ";
  return text;
}

RunProgress FullProgress() {
  RunProgress progress;
  progress.status = RunStatus::kCanceling;
  progress.attempt = 3;
  progress.revision = 2;
  progress.next_step = 7;
  progress.started_us = 11;
  progress.updated_us = 12;
  progress.finished_us = 13;
  progress.wake_us = INT64_MAX;
  progress.next_event = 15;
  progress.cancel_forced = true;
  progress.error = "it \"broke\"\nthere";
  return progress;
}

TEST_P(RunsTest, ARunComesBackWhole) {
  Run run = MakeRun("run_1");
  run.progress = FullProgress();
  ASSERT_OK(Commit({NewRun(run)}));
  EXPECT_EQ(Describe(Must(store().GetRun("run_1"))), Describe(run));
  EXPECT_EQ(Describe(Must(store().GetRunProgress("run_1"))), Describe(run.progress));
  EXPECT_FAILS(store().GetRun("run_2"), ErrorCode::kNotFound);
  EXPECT_FAILS(store().GetRunProgress("run_2"), ErrorCode::kNotFound);
  EXPECT_FAILS(Commit({NewRun(run)}), ErrorCode::kConflict);
}

TEST_P(RunsTest, EveryStatusIsKept) {
  for (int status = 0; status <= static_cast<int>(RunStatus::kTimedOut); ++status) {
    Run run = MakeRun("run_" + std::to_string(status), 1000, static_cast<RunStatus>(status));
    ASSERT_OK(Commit({NewRun(run)}));
    EXPECT_EQ(Must(store().GetRunProgress(run.identity.id)).status, static_cast<RunStatus>(status));
  }
}

TEST_P(RunsTest, AnUpdateChangesProgressOnly) {
  Run run = MakeRun("run_1");
  ASSERT_OK(Commit({NewRun(run)}));
  RunUpdate update{.id = "run_1", .expected_revision = 1, .progress = FullProgress()};
  ASSERT_OK(Commit({Update(update)}));
  run.progress = update.progress;
  EXPECT_EQ(Describe(Must(store().GetRun("run_1"))), Describe(run));
}

TEST_P(RunsTest, AStaleUpdateIsRefusedAndSaysWhy) {
  Run run = MakeRun("run_1");
  ASSERT_OK(Commit({NewRun(run)}));
  ASSERT_OK(Commit({Update(MakeUpdate(run, RunStatus::kCanceled))}));
  Result<void> stale = Commit({Update(MakeUpdate(run, RunStatus::kSucceeded))});
  ASSERT_FALSE(stale.ok());
  EXPECT_EQ(stale.error().code, ErrorCode::kConflict);
  EXPECT_EQ(stale.error().message, "run \"run_1\" is at revision 2, the change was made for revision 1");
  EXPECT_EQ(Must(store().GetRunProgress("run_1")).status, RunStatus::kCanceled);
  EXPECT_FAILS(Commit({Update(MakeUpdate(MakeRun("run_9"), RunStatus::kFailed))}), ErrorCode::kNotFound);
}

TEST_P(RunsTest, ContextIsReadWithTheRun) {
  Change change = NewRun(MakeRun("run_1"));
  change.documents.push_back(MakeDocument("run_1", Document::Kind::kContext, -1, R"({"a":[1,2.0,"x"],"big":9223372036854775807})"));
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(PrintJson(*Must(store().GetRun("run_1")).context), R"({"a":[1,2.0,"x"],"big":9223372036854775807})");
}

TEST_P(RunsTest, ListsAreStableUnderInserts) {
  ASSERT_OK(Commit({NewRun(MakeRun("run_a", 1000)), NewRun(MakeRun("run_b", 2000)), NewRun(MakeRun("run_c", 2000))}));
  PageOf<Run> first = Must(store().ListRuns({}, {.limit = 2, .cursor = ""}));
  EXPECT_EQ(IdsOf(first.items), "run_c run_b ");
  ASSERT_OK(Commit({NewRun(MakeRun("run_d", 3000)), NewRun(MakeRun("run_0", 500))}));
  PageOf<Run> second = Must(store().ListRuns({}, {.limit = 2, .cursor = first.next_cursor}));
  EXPECT_EQ(IdsOf(second.items), "run_a run_0 ");
  EXPECT_EQ(second.next_cursor, "");
  EXPECT_EQ(IdsOf(Must(store().ListRuns({}, {.limit = 500, .cursor = ""})).items), "run_d run_c run_b run_a run_0 ");
}

TEST_P(RunsTest, AListLeavesStepsAndContextOut) {
  Change change = NewRun(MakeRun("run_1"));
  change.documents.push_back(MakeDocument("run_1", Document::Kind::kContext, -1, R"({"a":1})"));
  change.steps.push_back(MakeStep("run_1", 0));
  ASSERT_OK(Commit({change}));
  Run run = Must(store().ListRuns({}, {})).items.at(0);
  ASSERT_NE(run.context, nullptr);
  EXPECT_EQ(PrintJson(*run.context), "{}");
  EXPECT_TRUE(run.steps.empty());
}

TEST_P(RunsTest, FiltersNarrowTheList) {
  Run labelled = MakeRun("run_2", 2000, RunStatus::kFailed);
  labelled.identity.labels = R"({"env":"prod","na\"me\n":"é","number":"7"})";
  Run elsewhere = MakeRun("run_3", 3000, RunStatus::kSucceeded);
  elsewhere.identity.workflow_id = "wf_2";
  elsewhere.identity.labels = "{}";
  ASSERT_OK(Commit({NewRun(MakeRun("run_1", 1000)), NewRun(labelled), NewRun(elsewhere)}));
  auto list = [&](auto narrow) {
    RunFilter filter;
    narrow(filter);
    return IdsOf(Must(store().ListRuns(filter, {})).items);
  };
  using Filter = RunFilter;
  using Statuses = std::vector<RunStatus>;

  EXPECT_EQ(list([](Filter& f) { f.statuses = Statuses{RunStatus::kFailed}; }), "run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.statuses = Statuses{RunStatus::kFailed, RunStatus::kSucceeded}; }), "run_3 run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.statuses = Statuses{RunStatus::kPaused}; }), "");
  EXPECT_EQ(list([](Filter& f) { f.workflow_id = "wf_2"; }), "run_3 ");
  EXPECT_EQ(list([](Filter& f) { f.labels = {{"env", "prod"}}; }), "run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.labels = {{"na\"me\n", "é"}, {"env", "prod"}}; }), "run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.labels = {{"env", "prod"}, {"env", "test"}}; }), "");
  EXPECT_EQ(list([](Filter& f) { f.labels = {{"number", "7"}}; }), "run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.labels = {{"none", ""}}; }), "");
  EXPECT_EQ(list([](Filter& f) { f.created_after_us = 1000; }), "run_3 run_2 ");
  EXPECT_EQ(list([](Filter& f) { f.created_before_us = 3000; }), "run_2 run_1 ");
  EXPECT_EQ(list([](Filter& f) {
              f.statuses = Statuses{RunStatus::kRunning, RunStatus::kFailed};
              f.workflow_id = "wf_1";
              f.labels = {{"env", "test"}};
              f.created_after_us = 500;
              f.created_before_us = 2500;
            }),
            "run_1 ");
}

TEST_P(RunsTest, FilteredListsHavePagesToo) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_OK(Commit({NewRun(MakeRun("run_" + std::to_string(100 + i), 1000 + i % 5, i % 2 ? RunStatus::kFailed : RunStatus::kRunning))}));
  }
  for (std::vector<RunStatus> statuses :
       {std::vector<RunStatus>{RunStatus::kFailed}, std::vector<RunStatus>{RunStatus::kFailed, RunStatus::kRunning}}) {
    RunFilter filter;
    filter.statuses = statuses;
    std::vector<std::pair<int64_t, std::string>> seen;
    Page page{.limit = 4, .cursor = ""};
    do {
      PageOf<Run> rows = Must(store().ListRuns(filter, page));
      for (const Run& run : rows.items) seen.emplace_back(run.identity.created_us, run.identity.id);
      page.cursor = rows.next_cursor;
    } while (!page.cursor.empty());
    EXPECT_EQ(seen.size(), statuses.size() == 1 ? 12u : 25u);
    EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  }
}

TEST_P(RunsTest, LiveRunsAreCounted) {
  Run other = MakeRun("run_other");
  other.identity.workflow_id = "wf_2";
  ASSERT_OK(Commit({NewRun(other)}));
  for (int status = 0; status <= static_cast<int>(RunStatus::kTimedOut); ++status) {
    ASSERT_OK(Commit({NewRun(MakeRun("run_" + std::to_string(status), 1, static_cast<RunStatus>(status)))}));
  }
  EXPECT_EQ(Must(store().CountLiveRuns("wf_1")), 6);
  EXPECT_EQ(Must(store().CountLiveRuns("wf_2")), 1);
  EXPECT_EQ(Must(store().CountLiveRuns("wf_3")), 0);
}

TEST_P(RunsTest, ActiveRunsComeById) {
  for (int status = 0; status <= static_cast<int>(RunStatus::kTimedOut); ++status) {
    ASSERT_OK(Commit({NewRun(MakeRun("run_" + std::to_string(status), 9 - status, static_cast<RunStatus>(status)))}));
  }
  using Ids = std::vector<std::string>;
  EXPECT_EQ(Must(store().ListActiveRuns("", 100)), (Ids{"run_0", "run_1", "run_4", "run_5"}));
  EXPECT_EQ(Must(store().ListActiveRuns("", 2)), (Ids{"run_0", "run_1"}));
  EXPECT_EQ(Must(store().ListActiveRuns("run_1", 2)), (Ids{"run_4", "run_5"}));
  Run run = MakeRun("run_1", 1, RunStatus::kRunning);
  ASSERT_OK(Commit({Update(MakeUpdate(run, RunStatus::kWaitingApproval))}));
  EXPECT_EQ(Must(store().ListActiveRuns("", 100)), (Ids{"run_0", "run_4", "run_5"}));
}

TEST_P(RunsTest, DueRunsComeEarliestFirst) {
  auto add = [&](const std::string& id, RunStatus status, int64_t wake_us) {
    Run run = MakeRun(id, 1, status);
    run.progress.wake_us = wake_us;
    ASSERT_OK(Commit({NewRun(run)}));
  };
  add("run_late", RunStatus::kWaiting, 300);
  add("run_soon", RunStatus::kRunning, 100);
  add("run_also", RunStatus::kCanceling, 100);
  add("run_none", RunStatus::kRunning, 0);
  add("run_over", RunStatus::kFailed, 50);
  using Due = std::vector<std::pair<int64_t, std::string>>;
  EXPECT_EQ(Must(store().ListDueRuns(99, 10)), Due{});
  EXPECT_EQ(Must(store().ListDueRuns(100, 10)), (Due{{100, "run_also"}, {100, "run_soon"}}));
  EXPECT_EQ(Must(store().ListDueRuns(1000, 10)), (Due{{100, "run_also"}, {100, "run_soon"}, {300, "run_late"}}));
  EXPECT_EQ(Must(store().ListDueRuns(1000, 1)), (Due{{100, "run_also"}}));
}

TEST_P(RunsTest, ALiveRunIsNotDeleted) {
  const Run run = MakeRun("run_1");
  ASSERT_OK(Commit({NewRun(run)}));
  Change remove;
  remove.deleted_runs = {"run_1"};
  EXPECT_FAILS(Commit({remove}), ErrorCode::kConflict);
  EXPECT_EQ(Commit({remove}).error().message, "run \"run_1\" is RUNNING; only a finished run can be deleted");
  ASSERT_OK(Commit({Update(MakeUpdate(run, RunStatus::kSucceeded))}));
  ASSERT_OK(Commit({remove}));
  EXPECT_FAILS(store().GetRun("run_1"), ErrorCode::kNotFound);
}

TEST_P(RunsTest, AWorkflowWithLiveRunsIsNotChangedThatMustBeIdle) {
  Change add = NewRun(MakeRun("run_1"));
  const WorkflowRow row = MakeWorkflow(add.new_runs[0].identity.workflow_id);
  add.new_workflows = {row};
  ASSERT_OK(Commit({add}));
  Change archive;
  archive.workflow_updates.push_back({0, row, true});
  archive.workflow_updates[0].row.archived = true;
  EXPECT_FAILS(Commit({archive}), ErrorCode::kConflict);
  EXPECT_FALSE(Must(store().GetWorkflow(row.id)).archived);
  archive.workflow_updates[0].only_if_idle = false;
  ASSERT_OK(Commit({archive}));
  EXPECT_TRUE(Must(store().GetWorkflow(row.id)).archived);
  EXPECT_EQ(Commit({NewRun(MakeRun("run_2"))}).error().message, "workflow \"" + row.id + "\" is archived");
}

}  // namespace
}  // namespace orc::test
