#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/problem.h"
#include "api/render_workflow.h"
#include "api/workflow_writes.h"
#include "workflow/workflow_template.h"

namespace orc {
namespace {

Result<std::string> RenderCurrent(const ApiParts& parts, const WorkflowRow& row) {
  ORC_ASSIGN_OR_RETURN(const VersionRow version, parts.store.GetVersion(row.id, row.version));
  return RenderWorkflow(row, version.payload);
}

/// The workflow document that the body's template makes; `warnings` gets the body's unknown fields.
Result<Json> MakeFromTemplate(const ApiParts& parts, const Json& body, std::vector<Problem>& warnings) {
  BodyFields fields(body, {"template_id", "params", "name", "description", "key"});
  const std::string id = fields.Text("template_id");
  const Json* params = fields.Object("params");
  const std::string name = fields.Text("name");
  const std::string description = fields.Text("description");
  const std::string key = fields.Text("key");
  if (id.empty()) fields.Missing("template_id", "expected the id of a template");
  ORC_RETURN_IF_ERROR(fields.Verdict());
  Result<TemplateRow> row = parts.store.GetTemplate(id);
  if (!row.ok() && row.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kInvalid, "there is no template \"" + id + "\"", {{"/template_id", "there is no template \"" + id + "\""}}};
  }
  if (!row.ok()) return row.error();
  ORC_ASSIGN_OR_RETURN(Json stored, ParseJson(row->document));
  ORC_ASSIGN_OR_RETURN(Json document, Instantiate({row->id, row->name, row->description, std::move(stored)}, params ? *params : Json()));
  if (!name.empty()) document.as_object()["name"] = name;
  if (!description.empty()) document.as_object()["description"] = description;
  if (!key.empty()) document.as_object()["key"] = key;
  warnings = fields.warnings();
  return document;
}

}  // namespace

Answer ListWorkflows(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const bool with_archived, ReadFlag(call.query, "archived"));
  ORC_ASSIGN_OR_RETURN(const PageOf<WorkflowRow> rows, call.parts().store.ListWorkflows(page, with_archived));
  ListWriter list;
  for (const WorkflowRow& row : rows.items) {
    ORC_ASSIGN_OR_RETURN(const std::string text, RenderCurrent(call.parts(), row));
    list.items().Raw(text);
  }
  return list.Finish(rows.next_cursor);
}

Answer CreateWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return ReplayWorkflow(std::move(*verdict.replay));
  ORC_ASSIGN_OR_RETURN(Json document, ReadJsonBody(call.request()));
  std::vector<Problem> warnings;
  if (Find(document, "template_id")) {
    ORC_ASSIGN_OR_RETURN(document, MakeFromTemplate(call.parts(), document, warnings));
  }
  ORC_ASSIGN_OR_RETURN(const CheckedDefinition checked, CheckWorkflowDocument(call.parts(), std::move(document)));
  return StoreNewWorkflow(call, checked, std::move(verdict.claim), std::move(warnings));
}

Answer GetWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(const WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  ORC_ASSIGN_OR_RETURN(std::string body, RenderCurrent(call.parts(), row));
  return JsonResponse(200, std::move(body)).With("ETag", VersionTag(row.version));
}

Answer ReplaceWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  ORC_ASSIGN_OR_RETURN(const int32_t if_match, ReadIfMatch(call.request()));
  ORC_ASSIGN_OR_RETURN(Json document, ReadJsonBody(call.request()));
  KeepKey(row, document);
  ORC_ASSIGN_OR_RETURN(const CheckedDefinition checked, CheckWorkflowDocument(call.parts(), std::move(document)));
  return StoreNextVersion(call, std::move(row), checked, if_match, nullptr);
}

Answer ArchiveWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(const bool force, ReadFlag(call.query, "force"));
  ORC_ASSIGN_OR_RETURN(WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  if (row.archived) return NoContent();
  ORC_ASSIGN_OR_RETURN(const int64_t live, call.parts().store.CountLiveRuns(row.id));
  if (live > 0 && !force) {
    const std::string runs = live == 1 ? "one run of this workflow is" : std::to_string(live) + " runs of this workflow are";
    return Error{ErrorCode::kConflict, runs + " live; wait, cancel them, or archive with ?force=true"};
  }
  const int32_t expected = row.version;
  row.archived = true;
  row.updated_us = call.parts().clock.NowUs();
  Write write;
  write.answer = NoContent();
  write.change.schedule_sets.push_back({row.id, {}});
  write.change.workflow_updates.push_back({expected, std::move(row), /*only_if_idle=*/!force});
  return CommitThenSend(call, std::move(write));
}

Answer ValidateWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(Json document, ReadJsonBody(call.request()));
  const Result<CheckedDefinition> checked = CheckWorkflowDocument(call.parts(), std::move(document));
  if (!checked.ok() && checked.error().code != ErrorCode::kInvalid) return checked.error();
  JsonWriter writer;
  writer.BeginObject().Field("valid", checked.ok());
  WriteProblems(writer, "errors", checked.ok() ? std::vector<Problem>() : checked.error().problems);
  WriteProblems(writer, "warnings", checked.ok() ? checked->warnings : checked.error().warnings);
  writer.EndObject();
  return JsonResponse(200, std::move(writer).text());
}

}  // namespace orc
