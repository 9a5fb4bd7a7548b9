// Reads of workflows, versions and templates.
#include "store/postgres_store_impl.h"
#include "store/store_errors.h"

#define ORC_WORKFLOW_COLUMNS "id, key, name, description, version, archived, created_us, updated_us"
#define ORC_VERSION_COLUMNS "id, workflow_id, version, payload, created_us"
#define ORC_TEMPLATE_COLUMNS "id, name, description, document, created_us, updated_us"

namespace orc {
namespace {

WorkflowRow ReadWorkflow(const Row& row) {
  return WorkflowRow{row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int32(4), row.Int(5) != 0, row.Int(6), row.Int(7)};
}

VersionRow ReadVersion(const Row& row) { return VersionRow{row.Text(0), row.Text(1), row.Int32(2), row.Text(3), row.Int(4)}; }

TemplateRow ReadTemplate(const Row& row) { return TemplateRow{row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Int(5)}; }

}  // namespace

Result<WorkflowRow> PostgresStore::GetWorkflow(const std::string& id) {
  PostgresQuery query("SELECT " ORC_WORKFLOW_COLUMNS " FROM workflows WHERE id = $1");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(id)));
  if (found.empty()) return NoSuch("workflow", id);
  return ReadWorkflow(found.first());
}

Result<WorkflowRow> PostgresStore::GetWorkflowByKey(const std::string& key) {
  PostgresQuery query("SELECT " ORC_WORKFLOW_COLUMNS " FROM workflows WHERE key = $1 AND key <> ''");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(key)));
  if (found.empty()) return NoSuch("workflow with the key", key);
  return ReadWorkflow(found.first());
}

Result<PageOf<WorkflowRow>> PostgresStore::ListWorkflows(const Page& page, bool with_archived) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('w', page, kFromNewest));
  PostgresQuery query("SELECT " ORC_WORKFLOW_COLUMNS
                      " FROM workflows WHERE (created_us, id) < ($1::bigint, $2) AND archived <= $3::bigint "
                      "ORDER BY created_us DESC, id DESC LIMIT $4");
  query.Bind(after.number).Bind(after.id).Bind(with_archived ? 1 : 0).Bind(RowsToAsk(page));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  ORC_ASSIGN_OR_RETURN(std::vector<WorkflowRow> rows, ReadRows<WorkflowRow>(found, ReadWorkflow));
  return MakePage('w', std::move(rows), page, [](const WorkflowRow& row) { return PagePosition{row.created_us, row.id}; });
}

Result<VersionRow> PostgresStore::GetVersion(const std::string& workflow_id, int32_t version) {
  PostgresQuery query("SELECT " ORC_VERSION_COLUMNS " FROM workflow_versions WHERE workflow_id = $1 AND version = $2");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(workflow_id).Bind(version)));
  if (found.empty()) return NoSuch("version", workflow_id + "/" + std::to_string(version));
  return ReadVersion(found.first());
}

Result<PageOf<VersionRow>> PostgresStore::ListVersions(const std::string& workflow_id, const Page& page) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('v', page, kFromNewest));
  PostgresQuery query("SELECT " ORC_VERSION_COLUMNS
                      " FROM workflow_versions WHERE workflow_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(workflow_id).Bind(after.number).Bind(RowsToAsk(page))));
  ORC_ASSIGN_OR_RETURN(std::vector<VersionRow> rows, ReadRows<VersionRow>(found, ReadVersion));
  return MakePage('v', std::move(rows), page, [](const VersionRow& row) { return PagePosition{row.version, ""}; });
}

Result<TemplateRow> PostgresStore::GetTemplate(const std::string& id) {
  PostgresQuery query("SELECT " ORC_TEMPLATE_COLUMNS " FROM templates WHERE id = $1");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(id)));
  if (found.empty()) return NoSuch("template", id);
  return ReadTemplate(found.first());
}

Result<PageOf<TemplateRow>> PostgresStore::ListTemplates(const Page& page) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('t', page, kFromOldest));
  PostgresQuery query("SELECT " ORC_TEMPLATE_COLUMNS
                      " FROM templates WHERE (created_us, id) > ($1::bigint, $2) ORDER BY created_us, id LIMIT $3");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(after.number).Bind(after.id).Bind(RowsToAsk(page))));
  ORC_ASSIGN_OR_RETURN(std::vector<TemplateRow> rows, ReadRows<TemplateRow>(found, ReadTemplate));
  return MakePage('t', std::move(rows), page, [](const TemplateRow& row) { return PagePosition{row.created_us, row.id}; });
}

}  // namespace orc
