// All or nothing, in order, and texts that try to break out. On every store.
#include "base/json.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using CommitTest = StoreTest;
ORC_EVERY_STORE(CommitTest);

using Kind = Document::Kind;

TEST_P(CommitTest, NothingToDoIsFine) {
  EXPECT_OK(Commit({}));
  EXPECT_OK(Commit({Change(), Change()}));
}

TEST_P(CommitTest, OneBadChangeTakesTheWholeBatchBack) {
  Run run = MakeRun("run_1");
  Change first = NewRun(run);
  first.steps = {MakeStep("run_1", 0)};
  first.documents = {MakeDocument("run_1", Kind::kOutput, 0, "before")};
  first.events = {MakeEvent("run_1", 1)};
  ASSERT_OK(Commit({first}));
  int64_t last = Must(store().LastEventId());

  Change good = Update(MakeUpdate(run, RunStatus::kFailed));
  good.steps = {MakeStep("run_1", 0, StepStatus::kFailed), MakeStep("run_1", 1)};
  good.cleared_steps = {{"run_1", StepKey{0, -1}}};
  good.documents = {MakeDocument("run_1", Kind::kOutput, 0, "after")};
  good.events = {MakeEvent("run_1", 2)};
  good.logs = {MakeLog("run_1", "x")};
  good.new_workflows = {MakeWorkflow("wf_1")};
  good.new_templates = {MakeTemplate("tpl_1")};
  good.hook_cursors = {{"h", 1}};
  Change removes;
  removes.deleted_runs = {"run_1"};
  RunUpdate stale = MakeUpdate(MakeRun("run_none"), RunStatus::kFailed);
  EXPECT_FAILS(Commit({good, NewRun(MakeRun("run_2")), Update(stale)}), ErrorCode::kNotFound);
  EXPECT_FAILS(Commit({removes, Update(stale)}), ErrorCode::kConflict);

  Run now = Must(store().GetRun("run_1"));
  EXPECT_EQ(Describe(now.progress), Describe(run.progress));
  ASSERT_EQ(now.steps.size(), 1u);
  EXPECT_EQ(now.steps.at({0, -1}).status, StepStatus::kRunning);
  EXPECT_EQ(Must(store().GetDocuments("run_1", Kind::kOutput)).at(0).text, "before");
  EXPECT_EQ(Must(store().LastEventId()), last);
  EXPECT_TRUE(Must(store().ReadLogs("", 0, 10)).empty());
  EXPECT_FAILS(store().GetRun("run_2"), ErrorCode::kNotFound);
  EXPECT_FAILS(store().GetWorkflowByKey("key-wf_1"), ErrorCode::kNotFound);
  EXPECT_FAILS(store().GetTemplate("tpl_1"), ErrorCode::kNotFound);
  EXPECT_EQ(Must(store().GetHookCursor("h")), 0);

  // And the next batch is none the worse for it.
  ASSERT_OK(Commit({good}));
  EXPECT_EQ(Must(store().GetRunProgress("run_1")).status, RunStatus::kFailed);
  const std::vector<EventRow> added = Must(store().ReadEvents("", last, 10));  // ids may have gaps where something was taken back
  ASSERT_EQ(added.size(), 1u);
  EXPECT_EQ(Must(store().LastEventId()), added[0].id);
}

TEST_P(CommitTest, ChangesAreMadeInTheirOrder) {
  Run run = MakeRun("run_1");
  RunUpdate first = MakeUpdate(run, RunStatus::kWaiting, 2000);
  Run after_first = run;
  after_first.progress = first.progress;
  RunUpdate second = MakeUpdate(after_first, RunStatus::kSucceeded, 3000);
  Change late_step = Update(second);
  late_step.cleared_steps = {{"run_1", StepKey{0, -1}}, {"run_1", StepKey{1, -1}}};
  late_step.steps = {MakeStep("run_1", 0, StepStatus::kSucceeded)};
  Change early_step = Update(first);
  early_step.steps = {MakeStep("run_1", 0), MakeStep("run_1", 1)};
  ASSERT_OK(Commit({NewRun(run), early_step, late_step}));
  EXPECT_EQ(Must(store().GetRunProgress("run_1")).status, RunStatus::kSucceeded);
  EXPECT_EQ(Must(store().GetRun("run_1")).steps.size(), 1u);

  Change remove, again = NewRun(run);
  remove.deleted_runs = {"run_1"};
  again.events = {MakeEvent("run_1", 1)};
  ASSERT_OK(Commit({remove, again}));
  EXPECT_EQ(Must(store().GetRunProgress("run_1")).revision, 1);
  EXPECT_EQ(Must(store().ReadEvents("run_1", 0, 10)).size(), 1u);
  EXPECT_FAILS(Commit({again, remove}), ErrorCode::kConflict);
}

TEST_P(CommitTest, AChangeOfManyKindsLandsWhole) {
  Change change = NewRun(MakeRun("run_1"));
  change.new_workflows = {MakeWorkflow("wf_1")};
  change.new_versions = {{"wfver_1", "wf_1", 1, "{}", 1}};
  change.steps = {MakeStep("run_1", 0)};
  change.documents = {MakeDocument("run_1", Kind::kContext, -1, R"({"a":1})")};
  change.events = {MakeEvent("run_1", 1)};
  change.logs = {MakeLog("run_1", "x")};
  change.idempotency = {{"s", "k", "h", 201, "l", "b", 1}};
  change.hook_cursors = {{"h", 4}};
  // A run and its first update in one change.
  change.run_updates = {MakeUpdate(change.new_runs[0], RunStatus::kRunning)};
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Must(store().GetRunProgress("run_1")).revision, 2);
  EXPECT_EQ(Must(store().GetRun("run_1")).context->at("a").as_int64(), 1);
  EXPECT_EQ(Must(store().GetVersion("wf_1", 1)).id, "wfver_1");
}

TEST_P(CommitTest, PassThroughTextIsKeptToTheByte) {
  const std::vector<std::string> texts = {
      R"({"n":18446744073709551616,"m":-9223372036854775809,"f":1.0,"e":1e400})",
      R"("nul \u0000 inside")",
      R"({"b": "\\u0000", "a":1,   "a":2})",
      "\"\xf0\x9f\x98\x80 \xc3\xa9 \xe2\x80\xa8 \x7f\"",
      R"("'; DROP TABLE runs; --")",
      R"(["?1", "$.a", "]],[["])",
      "[1,\n\t2]",
      "",
      "12345678901234567890",
      "null",
      std::string(5'000, '[') + std::string(5'000, ']'),
      R"({"e":-1e-400,"u":"\ud800","z":-0})",
  };
  Change change = NewRun(MakeRun("run_1"));
  for (size_t i = 0; i < texts.size(); ++i) {
    change.documents.push_back(MakeDocument("run_1", Kind::kOutput, static_cast<int32_t>(i), texts[i]));
    EventRow event = MakeEvent("run_1", static_cast<int64_t>(i));
    event.event.payload = texts[i];
    change.events.push_back(event);
    change.logs.push_back(MakeLog("run_1", texts[i]));
  }
  ASSERT_OK(Commit({change}));
  std::vector<Document> documents = Must(store().GetDocuments("run_1", Kind::kOutput));
  std::vector<EventRow> events = Must(store().ReadEvents("run_1", 0, 100));
  std::vector<LogRow> logs = Must(store().ReadLogs("run_1", 0, 100));
  ASSERT_EQ(documents.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(documents[i].text, texts[i]);
    EXPECT_EQ(events[i].event.payload, texts[i]);
    EXPECT_EQ(logs[i].text, texts[i]);
  }
}

TEST_P(CommitTest, RawNulsAndBadUtf8BecomeReplacementCharacters) {
  std::string nasty(
      "a\0b\xff"
      "c\xed\xa0\x80",
      8);
  std::string mended = ToStorableText(nasty);
  ASSERT_NE(mended.find("\xef\xbf\xbd"), std::string::npos);
  Change change = NewRun(MakeRun("run_1"));
  change.new_runs[0].progress.error = nasty;
  change.logs = {MakeLog("run_1", nasty)};
  change.documents = {MakeDocument("run_1", Kind::kOutput, 0, nasty)};
  change.steps = {MakeStep("run_1", 0, StepStatus::kFailed)};
  change.steps[0].state.error = StepError{"x", nasty, false, nasty};
  change.steps[0].state.approvals = {Approval{false, nasty, nasty, nasty, 1}};
  change.new_workflows = {MakeWorkflow("wf_1")};
  change.new_workflows[0].name = nasty;
  ASSERT_OK(Commit({change}));
  EXPECT_EQ(Must(store().ReadLogs("run_1", 0, 1)).at(0).text, mended);
  EXPECT_EQ(Must(store().GetDocuments("run_1", Kind::kOutput)).at(0).text, mended);
  EXPECT_EQ(Must(store().GetWorkflow("wf_1")).name, mended);
  Run run = Must(store().GetRun("run_1"));
  EXPECT_EQ(run.progress.error, mended);
  EXPECT_EQ(run.steps.at({0, -1}).error->message, mended);
  EXPECT_EQ(run.steps.at({0, -1}).error->detail, mended);
  EXPECT_EQ(run.steps.at({0, -1}).approvals.at(0).actor, mended);
  EXPECT_EQ(run.steps.at({0, -1}).approvals.at(0).comment, mended);
  EXPECT_EQ(run.steps.at({0, -1}).approvals.at(0).input, mended);
}

TEST_P(CommitTest, KeysThatCanNotBeStoredAreNotFound) {
  ASSERT_OK(Commit({NewRun(MakeRun("run_1"))}));
  for (const std::string& key :
       {std::string("run_1\0", 6), std::string("run_\xff"), std::string("run_\xed\xa0\x80"), std::string(100'000, 'x')}) {
    EXPECT_FAILS(store().GetRun(key), ErrorCode::kNotFound);
    EXPECT_FAILS(store().GetRunProgress(key), ErrorCode::kNotFound);
    EXPECT_FAILS(store().GetWorkflow(key), ErrorCode::kNotFound);
    EXPECT_FAILS(store().GetWorkflowByKey(key), ErrorCode::kNotFound);
    EXPECT_TRUE(Must(store().GetDocuments(key, Kind::kOutput)).empty());
    EXPECT_TRUE(Must(store().ReadEvents(key, 0, 10)).empty());
    EXPECT_FALSE(Must(store().FindIdempotency("s", key)).has_value());
    RunFilter filter;
    filter.workflow_id = key;
    filter.labels = {{key, key}};
    EXPECT_TRUE(Must(store().ListRuns(filter, {})).items.empty());
  }
}

TEST_P(CommitTest, LargeDocumentsAndLargeBatchesFit) {
  std::string large(2u << 20, 'x');
  std::vector<Change> changes;
  for (int i = 0; i < 12; ++i) {
    Change change = NewRun(MakeRun("run_" + std::to_string(i)));
    change.documents = {MakeDocument(change.new_runs[0].identity.id, Kind::kOutput, 0, large + std::to_string(i))};
    changes.push_back(change);
  }
  for (int i = 100; i < 2600; ++i) changes.push_back(NewRun(MakeRun("run_" + std::to_string(i))));
  ASSERT_OK(CommitAll(store(), changes));
  EXPECT_EQ(Must(store().GetDocuments("run_11", Kind::kOutput)).at(0).text, large + "11");
  EXPECT_EQ(Must(store().CountLiveRuns("wf_1")), 2512);
}

TEST_P(CommitTest, NumbersKeepAll64Bits) {
  Run run = MakeRun("run_1", INT64_MAX - 1);
  run.progress.wake_us = INT64_MAX;
  run.progress.started_us = INT64_MIN;
  ASSERT_OK(Commit({NewRun(run)}));
  Run found = Must(store().GetRun("run_1"));
  EXPECT_EQ(found.identity.created_us, INT64_MAX - 1);
  EXPECT_EQ(found.progress.wake_us, INT64_MAX);
  EXPECT_EQ(found.progress.started_us, INT64_MIN);
}

}  // namespace
}  // namespace orc::test
