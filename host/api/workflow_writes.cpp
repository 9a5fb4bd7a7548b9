#include "api/workflow_writes.h"

#include "api/problem.h"
#include "api/render_workflow.h"
#include "api/schedule_sets.h"

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

Answer ReplayWorkflow(Response first) {
  const Result<Json> workflow = ParseJson(first.body);
  const std::optional<int64_t> version = workflow.ok() ? IntAt(*workflow, "version") : std::nullopt;
  return version ? std::move(first).With("ETag", VersionTag(static_cast<int32_t>(*version))) : std::move(first);
}

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
  if (!checked.definition->schedules.empty()) {
    ORC_ASSIGN_OR_RETURN(ScheduleSet schedules, MakeScheduleSet(parts, row, *checked.definition));
    write.change.schedule_sets.push_back(std::move(schedules));
  }
  write.change.new_workflows.push_back(std::move(row));
  return CommitThenSend(call, std::move(write));
}

Result<int32_t> ReadIfMatch(const Request& request) {
  std::string_view text = request.Header("If-Match");
  if (text.data() == nullptr || text == "*") return 0;
  const std::string_view whole = text;
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  int32_t version = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || version > 100'000'000) {
      return Error{ErrorCode::kUnreadable, "If-Match: found " + std::string(whole) + ", expected a version such as \"3\""};
    }
    version = version * 10 + (c - '0');
  }
  if (version == 0) return Error{ErrorCode::kUnreadable, "If-Match: expected a version such as \"3\""};
  return version;
}

void KeepKey(const WorkflowRow& row, Json& document) {
  if (!row.key.empty() && document.is_object() && Find(document, "key") == nullptr) document.as_object()["key"] = row.key;
}

Answer StoreNextVersion(const Call& call, WorkflowRow row, const CheckedDefinition& checked, int32_t if_match, IdempotencyClaimPtr claim) {
  const ApiParts& parts = call.parts();
  if (if_match != 0 && if_match != row.version) {
    const std::string detail = "the workflow is at version " + std::to_string(row.version) + ", not " + std::to_string(if_match);
    return ProblemOf(412, detail, call.request().path());
  }
  if (row.archived) return Error{ErrorCode::kConflict, "workflow " + row.id + " is archived"};
  ORC_RETURN_IF_ERROR(CheckKeyIsFree(parts, checked.key, row.id));
  const int32_t expected = row.version++;
  row.updated_us = parts.clock.NowUs();
  TakeOver(row, checked);
  ORC_ASSIGN_OR_RETURN(std::string body, RenderWorkflow(row, checked.payload, checked.warnings));
  ORC_ASSIGN_OR_RETURN(ScheduleSet schedules, MakeScheduleSet(parts, row, *checked.definition));
  Write write;
  write.change.schedule_sets.push_back(std::move(schedules));
  write.answer = JsonResponse(200, std::move(body)).With("ETag", VersionTag(row.version));
  write.claim = std::move(claim);
  write.conflict_status = if_match != 0 ? 412 : 409;
  write.change.new_versions.push_back(MakeVersion(parts, row, checked.payload));
  write.change.workflow_updates.push_back({expected, std::move(row)});
  return CommitThenSend(call, std::move(write));
}

}  // namespace orc
