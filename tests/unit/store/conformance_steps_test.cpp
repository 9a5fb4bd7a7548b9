// Steps, documents, gates, and what goes with a deleted run or a retry. On every store.
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using StepsTest = StoreTest;
ORC_EVERY_STORE(StepsTest);

using Kind = Document::Kind;

std::string TextsOf(const std::vector<Document>& documents) {
  std::string text;
  for (const Document& document : documents)
    text += std::to_string(document.step) + "/" + std::to_string(document.item) + "=" + document.text + " ";
  return text;
}

TEST_P(StepsTest, AStepComesBackWhole) {
  StepRow row = MakeStep("run_1", 4, StepStatus::kFailed);
  row.state.item = 2;
  row.state.tries = 3;
  row.state.due_us = 21;
  row.state.finished_us = 22;
  row.state.http_code = 503;
  row.state.error = StepError{"http_status", "the answer was \"503\"\n\tno more", true, R"({"body":"x"})"};
  row.state.approvals = {Approval{true, "ann", "fine \\ by me", R"({"amount":1.0})", 23}, Approval{true, "bob", "", "", 24}};
  row.state.round = 2;
  row.state.round_started_us = 19;
  row.state.caught = true;
  row.state.ended_no = 17;
  row.state.wait = StepWait::kSignal;
  row.state.wait_for = "go \"now\"";
  row.state.own_key = "order 7";
  row.state.loop = {5, 4, 3, 2};
  Change change = NewRun(MakeRun("run_1"));
  change.steps = {row};
  ASSERT_OK(Commit({change}));
  Run run = Must(store().GetRun("run_1"));
  ASSERT_EQ(run.steps.size(), 1u);
  EXPECT_EQ(Describe(run.steps.begin()->second), Describe(row.state));
}

TEST_P(StepsTest, EveryStatusIsKept) {
  Change change = NewRun(MakeRun("run_1"));
  for (uint32_t status = 0; status <= static_cast<uint32_t>(StepStatus::kSkipped); ++status) {
    change.steps.push_back(MakeStep("run_1", status, static_cast<StepStatus>(status)));
  }
  ASSERT_OK(Commit({change}));
  const std::map<StepKey, StepState> steps = Must(store().GetRun("run_1")).steps;
  ASSERT_EQ(steps.size(), change.steps.size());
  for (const auto& [key, state] : steps) EXPECT_EQ(static_cast<uint32_t>(state.status), key.step);
}

TEST_P(StepsTest, AStepIsReplacedWhole) {
  StepRow row = MakeStep("run_1", 0);
  row.state.error = StepError{"timeout", "too slow", true, ""};
  row.state.approvals = {Approval{true, "ann", "", "", 1}};
  Change change = NewRun(MakeRun("run_1"));
  change.steps = {row};
  ASSERT_OK(Commit({change}));
  Change again;
  again.steps = {MakeStep("run_1", 0, StepStatus::kSucceeded)};
  ASSERT_OK(Commit({again}));
  const std::map<StepKey, StepState> steps = Must(store().GetRun("run_1")).steps;
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(Describe(steps.begin()->second), Describe(again.steps[0].state));
}

TEST_P(StepsTest, TheLastOfSeveralInOneBatchStays) {
  Change change = NewRun(MakeRun("run_1"));
  change.steps = {MakeStep("run_1", 0, StepStatus::kRunning), MakeStep("run_1", 0, StepStatus::kSucceeded)};
  change.documents = {MakeDocument("run_1", Kind::kOutput, 0, "1"), MakeDocument("run_1", Kind::kOutput, 0, "2")};
  auto write = [](const std::string& text) {
    Change one;
    one.documents = {MakeDocument("run_1", Kind::kOutput, 0, text)};
    return one;
  };
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Must(store().GetRun("run_1")).steps.at({0, -1}).status, StepStatus::kSucceeded);
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kOutput))), "0/-1=2 ");
  ASSERT_OK(Commit({write("4"), write("3")}));
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kOutput))), "0/-1=3 ");
}

TEST_P(StepsTest, StepsAreSortedByStepAndItem) {
  Change change = NewRun(MakeRun("run_1"));
  for (auto [step, item] : {std::pair(10u, -1), std::pair(2u, 1), std::pair(2u, -1), std::pair(2u, 0)}) {
    StepRow row = MakeStep("run_1", step);
    row.state.item = item;
    change.steps.push_back(row);
  }
  ASSERT_OK(Commit({change}));
  std::string order;
  const Run run = Must(store().GetRun("run_1"));
  for (const auto& [key, state] : run.steps) order += std::to_string(key.step) + "/" + std::to_string(key.item) + " ";
  EXPECT_EQ(order, "2/-1 2/0 2/1 10/-1 ");
}

TEST_P(StepsTest, DocumentsAreFoundByKindAndStep) {
  Change change;
  change.documents = {MakeDocument("run_1", Kind::kOutput, 10, "ten"), MakeDocument("run_1", Kind::kOutput, 2, "two"),
                      MakeDocument("run_1", Kind::kInput, 2, "in"),    MakeDocument("run_1", Kind::kResponseHeaders, 2, "{}"),
                      MakeDocument("run_1", Kind::kContext, -1, "{}"), MakeDocument("run_2", Kind::kOutput, 2, "other")};
  change.documents.push_back({"run_1", {Kind::kOutput, 2, 5, "item"}});
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kOutput))), "2/-1=two 2/5=item 10/-1=ten ");
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kOutput, 2))), "2/-1=two 2/5=item ");
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kInput))), "2/-1=in ");
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kContext))), "-1/-1={} ");
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_3", Kind::kOutput))), "");
}

TEST_P(StepsTest, SizesAreInBytes) {
  Change change;
  change.documents = {MakeDocument("run_1", Kind::kOutput, 0, R"("é")"), MakeDocument("run_1", Kind::kOutput, 1, std::string(100'000, 'x')),
                      MakeDocument("run_1", Kind::kInput, 1, "1"), MakeDocument("run_1", Kind::kOutput, 2, "a\xff z")};
  ASSERT_OK(Commit({change}));
  auto sizes = Must(store().GetDocumentSizes("run_1", Kind::kOutput));
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_EQ(sizes[0].second, 4);
  EXPECT_EQ(sizes[1].second, 100'000);
  EXPECT_EQ(sizes[1].first.step, 1);
  EXPECT_EQ(sizes[1].first.kind, Kind::kOutput);
  EXPECT_EQ(sizes[1].first.text, "");
  EXPECT_EQ(sizes[2].second, static_cast<int64_t>(Must(store().GetDocuments("run_1", Kind::kOutput, 2)).at(0).text.size()));
}

TEST_P(StepsTest, ClearedStepsGoWithTheirDocumentsBeforeNewOnesCome) {
  Change change = NewRun(MakeRun("run_1"));
  Change other = NewRun(MakeRun("run_2"));
  for (uint32_t step = 0; step < 4; ++step) {
    change.steps.push_back(MakeStep("run_1", step));
    change.documents.push_back(MakeDocument("run_1", Kind::kOutput, static_cast<int32_t>(step), std::to_string(step)));
  }
  change.documents.push_back(MakeDocument("run_1", Kind::kContext, -1, "{}"));
  other.steps = {MakeStep("run_2", 3)};
  ASSERT_OK(Commit({change, other}));

  Change retry = Update(MakeUpdate(change.new_runs[0], RunStatus::kRunning));
  retry.cleared_steps = {{"run_1", StepKey{2, -1}}, {"run_1", StepKey{3, -1}}};
  retry.steps = {MakeStep("run_1", 2, StepStatus::kPending)};
  ASSERT_OK(Commit({retry}));
  const std::map<StepKey, StepState> steps = Must(store().GetRun("run_1")).steps;
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps.at({2, -1}).status, StepStatus::kPending);
  EXPECT_EQ(TextsOf(Must(store().GetDocuments("run_1", Kind::kOutput))), "0/-1=0 1/-1=1 ");
  EXPECT_EQ(Must(store().GetDocuments("run_1", Kind::kContext)).size(), 1u);
  EXPECT_EQ(Must(store().GetRun("run_2")).steps.size(), 1u);
}

TEST_P(StepsTest, ADeletedRunLeavesNothing) {
  for (const char* id : {"run_1", "run_2"}) {
    Change change = NewRun(MakeRun(id, 1000, RunStatus::kFailed));
    change.steps = {MakeStep(id, 0, StepStatus::kWaitingApproval)};
    change.documents = {MakeDocument(id, Kind::kOutput, 0, "1"), MakeDocument(id, Kind::kContext, -1, R"({"a":1})")};
    change.events = {MakeEvent(id, 1)};
    change.logs = {MakeLog(id, "line")};
    ASSERT_OK(Commit({change}));
  }
  Change remove;
  remove.deleted_runs = {"run_1", "run_9"};
  ASSERT_OK(Commit({remove}));
  EXPECT_FAILS(store().GetRun("run_1"), ErrorCode::kNotFound);
  EXPECT_TRUE(Must(store().GetDocuments("run_1", Kind::kOutput)).empty());
  EXPECT_TRUE(Must(store().ReadEvents("run_1", 0, 10)).empty());
  EXPECT_TRUE(Must(store().ReadLogs("run_1", 0, 10)).empty());
  EXPECT_EQ(Must(store().ListApprovals({})).items.size(), 1u);
  EXPECT_EQ(Must(store().ReadEvents("", 0, 10)).size(), 1u);

  // A run of the same id is a new one.
  ASSERT_OK(Commit({NewRun(MakeRun("run_1"))}));
  Run again = Must(store().GetRun("run_1"));
  EXPECT_TRUE(again.steps.empty());
  EXPECT_TRUE(again.context->as_object().empty());
}

TEST_P(StepsTest, ApprovalsComeLongestWaitingFirst) {
  for (int i = 0; i < 5; ++i) {
    std::string id = "run_" + std::to_string(i);
    ASSERT_OK(Commit({NewRun(MakeRun(id, 1000 + i))}));
    Change gate = Update(MakeUpdate(MakeRun(id, 1000 + i), RunStatus::kWaitingApproval, 5000 - 100 * i));
    gate.steps = {MakeStep(id, 1, StepStatus::kWaitingApproval)};
    ASSERT_OK(Commit({gate}));
  }
  std::string order;
  Page page{.limit = 2, .cursor = ""};
  do {
    PageOf<PendingApproval> rows = Must(store().ListApprovals(page));
    for (const PendingApproval& row : rows.items) order += row.run_id + "@" + std::to_string(row.since_us) + " ";
    page.cursor = rows.next_cursor;
  } while (!page.cursor.empty());
  EXPECT_EQ(order, "run_4@4600 run_3@4700 run_2@4800 run_1@4900 run_0@5000 ");
  PendingApproval first = Must(store().ListApprovals({})).items.at(0);
  EXPECT_EQ(first.workflow_id, "wf_1");
  EXPECT_EQ(first.workflow_version, 2);
  EXPECT_EQ(first.step, 1u);
}

TEST_P(StepsTest, AGateWaitsSinceItBeganToWait) {
  Run run = MakeRun("run_1");
  ASSERT_OK(Commit({NewRun(run)}));
  auto move = [&](StepStatus status, int64_t now_us) {
    RunUpdate update = MakeUpdate(run, RunStatus::kWaitingApproval, now_us);
    run.progress = update.progress;
    Change change = Update(update);
    change.steps = {MakeStep("run_1", 0, status)};
    ASSERT_OK(Commit({change}));
  };
  move(StepStatus::kPending, 100);
  move(StepStatus::kWaitingApproval, 200);
  move(StepStatus::kWaitingApproval, 300);  // one of several votes, say
  EXPECT_EQ(Must(store().ListApprovals({})).items.at(0).since_us, 200);
  move(StepStatus::kRunning, 400);
  EXPECT_TRUE(Must(store().ListApprovals({})).items.empty());
  move(StepStatus::kWaitingApproval, 500);
  EXPECT_EQ(Must(store().ListApprovals({})).items.at(0).since_us, 500);
}

}  // namespace
}  // namespace orc::test
