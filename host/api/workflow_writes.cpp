#include "api/workflow_writes.h"

#include "api/render_workflow.h"

namespace orc {
namespace {

VersionRow MakeVersion(const ApiParts& parts, const WorkflowRow& row, const std::string& payload) {
  return {parts.ids.New(kVersionPrefix), row.id, row.version, payload, row.updated_us};
}

void TakeOver(WorkflowRow& row, const CheckedDefinition& checked) {
  row.key = checked.key;
  row.name = checked.definition->name;
  row.description = checked.definition->description;
}

}  // namespace

std::string VersionTag(int32_t version) { return "\"" + std::to_string(version) + "\""; }

Answer StoreNewWorkflow(const Call& call, const CheckedDefinition& checked, IdempotencyClaimPtr claim, std::vector<Problem> warnings) {
  const ApiParts& parts = call.parts();
  ORC_RETURN_IF_ERROR(CheckKeyIsFree(parts, checked.key, ""));
  WorkflowRow row;
  row.id = parts.ids.New(kWorkflowPrefix);
  row.created_us = row.updated_us = parts.clock.NowUs();
  TakeOver(row, checked);
  warnings.insert(warnings.end(), checked.warnings.begin(), checked.warnings.end());
  ORC_ASSIGN_OR_RETURN(std::string body, RenderWorkflow(row, checked.payload, warnings));
  Write write;
  write.answer = JsonResponse(201, std::move(body)).With("Location", "/v1/workflows/" + row.id).With("ETag", VersionTag(row.version));
  write.claim = std::move(claim);
  write.change.new_versions.push_back(MakeVersion(parts, row, checked.payload));
  write.change.new_workflows.push_back(std::move(row));
  return CommitThenSend(call, std::move(write));
}

Answer StoreNextVersion(const Call& call, WorkflowRow row, const CheckedDefinition& checked, int conflict_status) {
  const ApiParts& parts = call.parts();
  if (row.archived) return Error{ErrorCode::kConflict, "workflow " + row.id + " is archived"};
  ORC_RETURN_IF_ERROR(CheckKeyIsFree(parts, checked.key, row.id));
  const int32_t expected = row.version++;
  row.updated_us = parts.clock.NowUs();
  TakeOver(row, checked);
  ORC_ASSIGN_OR_RETURN(std::string body, RenderWorkflow(row, checked.payload, checked.warnings));
  Write write;
  write.answer = JsonResponse(200, std::move(body)).With("ETag", VersionTag(row.version));
  write.conflict_status = conflict_status;
  write.change.new_versions.push_back(MakeVersion(parts, row, checked.payload));
  write.change.workflow_updates.push_back({expected, std::move(row)});
  return CommitThenSend(call, std::move(write));
}

}  // namespace orc
