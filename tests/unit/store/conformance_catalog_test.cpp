// Workflows, versions and templates, on every store.
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using CatalogTest = StoreTest;
ORC_EVERY_STORE(CatalogTest);

Change NewWorkflow(const WorkflowRow& row) {
  Change change;
  change.new_workflows.push_back(row);
  return change;
}

Change UpdateWorkflow(int32_t expected_version, const WorkflowRow& row) {
  Change change;
  change.workflow_updates.push_back({expected_version, row});
  return change;
}

TEST_P(CatalogTest, AWorkflowComesBackWhole) {
  WorkflowRow row = MakeWorkflow("wf_1");
  row.archived = true;
  ASSERT_OK(Commit({NewWorkflow(row)}));
  EXPECT_EQ(Describe(Must(store().GetWorkflow("wf_1"))), Describe(row));
  EXPECT_EQ(Describe(Must(store().GetWorkflowByKey("key-wf_1"))), Describe(row));
  EXPECT_FAILS(store().GetWorkflow("wf_2"), ErrorCode::kNotFound);
  EXPECT_FAILS(store().GetWorkflowByKey("wf_1"), ErrorCode::kNotFound);
}

TEST_P(CatalogTest, AnEmptyKeyIsNoKey) {
  WorkflowRow one = MakeWorkflow("wf_1"), two = MakeWorkflow("wf_2");
  one.key = two.key = "";
  ASSERT_OK(Commit({NewWorkflow(one), NewWorkflow(two)}));
  EXPECT_FAILS(store().GetWorkflowByKey(""), ErrorCode::kNotFound);
}

TEST_P(CatalogTest, IdsAndKeysAreUnique) {
  ASSERT_OK(Commit({NewWorkflow(MakeWorkflow("wf_1"))}));
  EXPECT_FAILS(Commit({NewWorkflow(MakeWorkflow("wf_1"))}), ErrorCode::kConflict);
  WorkflowRow same_key = MakeWorkflow("wf_2");
  same_key.key = "key-wf_1";
  Result<void> refused = Commit({NewWorkflow(same_key)});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(refused.error().message.find("\"key-wf_1\""), std::string::npos) << refused.error().message;
  EXPECT_FAILS(store().GetWorkflow("wf_2"), ErrorCode::kNotFound);
}

TEST_P(CatalogTest, AnUpdateIsFencedByTheVersion) {
  WorkflowRow row = MakeWorkflow("wf_1");
  ASSERT_OK(Commit({NewWorkflow(row)}));
  row.version = 4;
  row.name = "renamed";
  row.updated_us = 9000;
  ASSERT_OK(Commit({UpdateWorkflow(3, row)}));
  EXPECT_EQ(Describe(Must(store().GetWorkflow("wf_1"))), Describe(row));

  row.version = 5;
  EXPECT_FAILS(Commit({UpdateWorkflow(3, row)}), ErrorCode::kConflict);
  EXPECT_EQ(Must(store().GetWorkflow("wf_1")).version, 4);
  ASSERT_OK(Commit({UpdateWorkflow(0, row)}));
  EXPECT_EQ(Must(store().GetWorkflow("wf_1")).version, 5);
  EXPECT_FAILS(Commit({UpdateWorkflow(0, MakeWorkflow("wf_9"))}), ErrorCode::kNotFound);
}

TEST_P(CatalogTest, AKeyMovesWithTheUpdate) {
  WorkflowRow one = MakeWorkflow("wf_1"), two = MakeWorkflow("wf_2");
  ASSERT_OK(Commit({NewWorkflow(one), NewWorkflow(two)}));
  two.key = one.key;
  EXPECT_FAILS(Commit({UpdateWorkflow(0, two)}), ErrorCode::kConflict);
  one.key = "";
  ASSERT_OK(Commit({UpdateWorkflow(0, one), UpdateWorkflow(0, two)}));
  EXPECT_EQ(Must(store().GetWorkflowByKey("key-wf_1")).id, "wf_2");
  EXPECT_FAILS(store().GetWorkflowByKey("key-wf_2"), ErrorCode::kNotFound);
}

TEST_P(CatalogTest, TheCreationTimeStays) {
  WorkflowRow row = MakeWorkflow("wf_1", 1000);
  ASSERT_OK(Commit({NewWorkflow(row)}));
  row.created_us = 5;
  ASSERT_OK(Commit({UpdateWorkflow(0, row)}));
  EXPECT_EQ(Must(store().GetWorkflow("wf_1")).created_us, 1000);
}

TEST_P(CatalogTest, WorkflowsAreListedNewestFirst) {
  WorkflowRow archived = MakeWorkflow("wf_c", 3000);
  archived.archived = true;
  ASSERT_OK(Commit({NewWorkflow(MakeWorkflow("wf_b", 2000)), NewWorkflow(archived), NewWorkflow(MakeWorkflow("wf_a", 2000)),
                    NewWorkflow(MakeWorkflow("wf_d", 1000))}));
  auto ids = [&](bool with_archived) {
    std::string text;
    Page page{.limit = 2, .cursor = ""};
    do {
      PageOf<WorkflowRow> rows = Must(store().ListWorkflows(page, with_archived));
      for (const WorkflowRow& row : rows.items) text += row.id + " ";
      text += "/ ";
      page.cursor = rows.next_cursor;
    } while (!page.cursor.empty());
    return text;
  };
  EXPECT_EQ(ids(false), "wf_b wf_a / wf_d / ");
  EXPECT_EQ(ids(true), "wf_c wf_b / wf_a wf_d / ");
}

TEST_P(CatalogTest, VersionsAreUniqueAndNewestFirst) {
  Change change;
  for (int version = 1; version <= 3; ++version) {
    change.new_versions.push_back({"wfver_" + std::to_string(version), "wf_1", version, R"({"name":"demo"})", 1000 + version});
  }
  change.new_versions.push_back({"wfver_x", "wf_2", 1, "{}", 1});
  ASSERT_OK(Commit({change}));

  EXPECT_EQ(Describe(Must(store().GetVersion("wf_1", 2))), Describe(change.new_versions[1]));
  EXPECT_FAILS(store().GetVersion("wf_1", 4), ErrorCode::kNotFound);
  PageOf<VersionRow> first = Must(store().ListVersions("wf_1", {.limit = 2, .cursor = ""}));
  ASSERT_EQ(first.items.size(), 2u);
  EXPECT_EQ(first.items[0].version, 3);
  PageOf<VersionRow> second = Must(store().ListVersions("wf_1", {.limit = 2, .cursor = first.next_cursor}));
  ASSERT_EQ(second.items.size(), 1u);
  EXPECT_EQ(second.items[0].version, 1);
  EXPECT_EQ(second.next_cursor, "");

  Change same_number, same_id;
  same_number.new_versions.push_back({"wfver_9", "wf_1", 3, "{}", 1});
  same_id.new_versions.push_back({"wfver_1", "wf_1", 9, "{}", 1});
  EXPECT_FAILS(Commit({same_number}), ErrorCode::kConflict);
  EXPECT_FAILS(Commit({same_id}), ErrorCode::kConflict);
}

TEST_P(CatalogTest, TemplatesAreChangedAndDeleted) {
  Change add;
  add.new_templates = {MakeTemplate("tpl_2", 2000), MakeTemplate("tpl_1", 1000)};
  ASSERT_OK(Commit({add}));
  EXPECT_EQ(Describe(Must(store().GetTemplate("tpl_1"))), Describe(add.new_templates[1]));
  EXPECT_FAILS(Commit({add}), ErrorCode::kConflict);

  PageOf<TemplateRow> first = Must(store().ListTemplates({.limit = 1, .cursor = ""}));
  ASSERT_EQ(first.items.size(), 1u);
  EXPECT_EQ(first.items[0].id, "tpl_1");  // oldest first
  PageOf<TemplateRow> second = Must(store().ListTemplates({.limit = 1, .cursor = first.next_cursor}));
  ASSERT_EQ(second.items.size(), 1u);
  EXPECT_EQ(second.items[0].id, "tpl_2");
  EXPECT_EQ(second.next_cursor, "");

  Change update;
  update.template_updates = {MakeTemplate("tpl_2", 2000)};
  update.template_updates[0].document = R"({"steps":[1]})";
  ASSERT_OK(Commit({update}));
  EXPECT_EQ(Must(store().GetTemplate("tpl_2")).document, R"({"steps":[1]})");
  update.template_updates[0].id = "tpl_9";
  EXPECT_FAILS(Commit({update}), ErrorCode::kNotFound);

  Change remove;
  remove.deleted_templates = {"tpl_1", "tpl_9"};
  ASSERT_OK(Commit({remove}));
  EXPECT_FAILS(store().GetTemplate("tpl_1"), ErrorCode::kNotFound);
  EXPECT_EQ(Must(store().ListTemplates({})).items.size(), 1u);
}

TEST_P(CatalogTest, ACursorOfAnotherListIsRefused) {
  ASSERT_OK(Commit({NewWorkflow(MakeWorkflow("wf_1")), NewWorkflow(MakeWorkflow("wf_2"))}));
  std::string cursor = Must(store().ListWorkflows({.limit = 1, .cursor = ""}, false)).next_cursor;
  ASSERT_NE(cursor, "");
  EXPECT_FAILS(store().ListTemplates({.limit = 1, .cursor = cursor}), ErrorCode::kUnreadable);
  EXPECT_FAILS(store().ListVersions("wf_1", {.limit = 1, .cursor = cursor}), ErrorCode::kUnreadable);
  EXPECT_FAILS(store().ListRuns({}, {.limit = 1, .cursor = cursor}), ErrorCode::kUnreadable);
  EXPECT_FAILS(store().ListApprovals({.limit = 1, .cursor = cursor}), ErrorCode::kUnreadable);
  EXPECT_FAILS(store().ListWorkflows({.limit = 1, .cursor = "not a cursor"}, false), ErrorCode::kUnreadable);
}

}  // namespace
}  // namespace orc::test
