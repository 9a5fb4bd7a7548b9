#include <iterator>

#include "api/answers.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/problem.h"
#include "api/render_run.h"
#include "api/render_workflow.h"
#include "workflow/workflow_template.h"

namespace orc {
namespace {

Result<std::string> RenderTemplate(const TemplateRow& row, const std::vector<Problem>& warnings = {}) {
  ORC_ASSIGN_OR_RETURN(const Json document, ParseJson(row.document));
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id);
  if (!Find(document, "name")) writer.Field("name", row.name);
  if (!Find(document, "description")) writer.Field("description", row.description);
  if (document.is_object()) WriteMembers(writer, document, {"id", "created_at", "updated_at", "warnings"});
  WriteTime(writer, "created_at", row.created_us);
  WriteTime(writer, "updated_at", row.updated_us);
  if (!warnings.empty()) WriteProblems(writer, "warnings", warnings);
  writer.EndObject();
  return std::move(writer).text();
}

Result<TemplateRow> ReadTemplate(const Request& request) {
  ORC_ASSIGN_OR_RETURN(Json body, ReadJsonBody(request));
  for (const char* own : {"id", "created_at", "updated_at"}) body.as_object().erase(own);
  ORC_ASSIGN_OR_RETURN(const WorkflowTemplate parsed, ParseTemplate(body));
  TemplateRow row;
  row.name = parsed.name;
  row.description = parsed.description;
  row.document = PrintJson(parsed.document);
  return row;
}

/// What would be at fault in a workflow made of it. No more than warnings: what is faulty may be what the params fill in.
std::vector<Problem> WarningsAbout(const ApiParts& parts, const TemplateRow& row) {
  Result<Json> document = ParseJson(row.document);
  if (!document.ok()) return {};
  const Json* given = Find(*document, "params");
  const Json params = given != nullptr ? *given : Json(JsonObject());
  document->as_object().erase("params");
  CheckReport report = parts.checker.Check(*document, &params);
  std::vector<Problem> warnings = std::move(report.errors);
  std::move(report.warnings.begin(), report.warnings.end(), std::back_inserter(warnings));
  return warnings;
}

Result<TemplateRow> FindTemplate(const Call& call) {
  Result<TemplateRow> row = call.parts().store.GetTemplate(call.params[0]);
  if (row.ok() || row.error().code != ErrorCode::kNotFound) return row;
  return Error{ErrorCode::kNotFound, "there is no template \"" + call.params[0] + "\""};
}

}  // namespace

Answer ListTemplates(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const PageOf<TemplateRow> rows, call.parts().store.ListTemplates(page));
  ListWriter list;
  for (const TemplateRow& row : rows.items) {
    ORC_ASSIGN_OR_RETURN(const std::string text, RenderTemplate(row));
    list.items().Raw(text);
  }
  return list.Finish(rows.next_cursor);
}

Answer GetTemplate(Call& call) {
  ORC_ASSIGN_OR_RETURN(const TemplateRow row, FindTemplate(call));
  ORC_ASSIGN_OR_RETURN(std::string body, RenderTemplate(row));
  return JsonResponse(200, std::move(body));
}

Answer CreateTemplate(Call& call) {
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return std::move(*verdict.replay);
  ORC_ASSIGN_OR_RETURN(TemplateRow row, ReadTemplate(call.request()));
  row.id = call.parts().ids.New(kTemplatePrefix);
  row.created_us = row.updated_us = call.parts().clock.NowUs();
  ORC_ASSIGN_OR_RETURN(std::string body, RenderTemplate(row, WarningsAbout(call.parts(), row)));
  Write write;
  write.answer = JsonResponse(201, std::move(body)).With("Location", "/v1/templates/" + row.id);
  write.claim = std::move(verdict.claim);
  write.change.new_templates.push_back(std::move(row));
  return CommitThenSend(call, std::move(write));
}

Answer ReplaceTemplate(Call& call) {
  ORC_ASSIGN_OR_RETURN(const TemplateRow old, FindTemplate(call));
  ORC_ASSIGN_OR_RETURN(TemplateRow row, ReadTemplate(call.request()));
  row.id = old.id;
  row.created_us = old.created_us;
  row.updated_us = call.parts().clock.NowUs();
  ORC_ASSIGN_OR_RETURN(std::string body, RenderTemplate(row, WarningsAbout(call.parts(), row)));
  Write write;
  write.answer = JsonResponse(200, std::move(body));
  write.change.template_updates.push_back(std::move(row));
  return CommitThenSend(call, std::move(write));
}

Answer DeleteTemplate(Call& call) {
  ORC_ASSIGN_OR_RETURN(const TemplateRow row, FindTemplate(call));
  Write write;
  write.answer = NoContent();
  write.change.deleted_templates.push_back(row.id);
  return CommitThenSend(call, std::move(write));
}

}  // namespace orc
