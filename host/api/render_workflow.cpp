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

namespace {

/// Clients read `retry` and `requires_approval` of every step, also where the document leaves them out.
void WriteSteps(JsonWriter& writer, const Json& steps) {
  writer.Key("steps").BeginArray();
  for (const Json& step : steps.as_array()) {
    writer.BeginObject();
    WriteMembers(writer, step, {});
    if (!Find(step, "retry")) writer.FieldRaw("retry", R"({"max":0,"backoff_ms":250})");
    if (!Find(step, "requires_approval")) writer.Field("requires_approval", false);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace

Result<std::string> RenderWorkflow(const WorkflowRow& row, const std::string& payload, const std::vector<Problem>& warnings) {
  ORC_ASSIGN_OR_RETURN(const Json document, ParseJson(payload));
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id).Field("version", static_cast<int64_t>(row.version));
  if (!Find(document, "name")) writer.Field("name", row.name);
  if (!Find(document, "description")) writer.Field("description", row.description);
  WriteMembers(writer, document, {"id", "version", "steps", "archived", "created_at", "updated_at", "warnings"});
  if (const Json* steps = Find(document, "steps")) WriteSteps(writer, *steps);
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
