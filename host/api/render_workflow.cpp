#include "api/render_workflow.h"

#include <algorithm>

#include "api/problem.h"
#include "api/render_run.h"

namespace orc {

void WriteMembers(JsonWriter& writer, const Json& document, const std::vector<std::string_view>& skip) {
  for (const auto& member : document.as_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(skip.begin(), skip.end(), name) == skip.end()) writer.Key(name).Value(member.value());
  }
}

Result<std::string> RenderWorkflow(const WorkflowRow& row, const std::string& payload, const std::vector<Problem>& warnings) {
  ORC_ASSIGN_OR_RETURN(const Json document, ParseJson(payload));
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id).Field("version", static_cast<int64_t>(row.version));
  if (!Find(document, "name")) writer.Field("name", row.name);
  if (!Find(document, "description")) writer.Field("description", row.description);
  WriteMembers(writer, document, {"id", "version", "archived", "created_at", "updated_at", "warnings"});
  writer.Field("archived", row.archived);
  WriteTime(writer, "created_at", row.created_us);
  WriteTime(writer, "updated_at", row.updated_us);
  if (!warnings.empty()) WriteProblems(writer, "warnings", warnings);
  writer.EndObject();
  return std::move(writer).text();
}

std::string RenderVersion(const VersionRow& row) {
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id).Field("workflow_id", row.workflow_id).Field("version", static_cast<int64_t>(row.version));
  writer.FieldRaw("payload", row.payload);
  WriteTime(writer, "created_at", row.created_us);
  writer.EndObject();
  return std::move(writer).text();
}

}  // namespace orc
