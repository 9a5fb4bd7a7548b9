#include <charconv>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/render_workflow.h"
#include "api/workflow_writes.h"

namespace orc {
namespace {

Error NoSuchVersion(const WorkflowRow& row, std::string_view version) {
  return {ErrorCode::kNotFound, "workflow " + row.id + " has no version " + std::string(version)};
}

}  // namespace

Answer ListVersions(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  ORC_ASSIGN_OR_RETURN(const PageOf<VersionRow> versions, call.parts().store.ListVersions(row.id, page));
  ListWriter list;
  for (const VersionRow& version : versions.items) list.items().Raw(RenderVersion(version));
  return list.Finish(versions.next_cursor);
}

Answer GetVersion(Call& call) {
  ORC_ASSIGN_OR_RETURN(const WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  const std::string& text = call.params[1];
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return NoSuchVersion(row, text);
  const Result<VersionRow> version = call.parts().store.GetVersion(row.id, number);
  if (!version.ok()) return version.error().code == ErrorCode::kNotFound ? NoSuchVersion(row, text) : version.error();
  return JsonResponse(200, RenderVersion(*version));
}

Answer RollBackWorkflow(Call& call) {
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return ReplayWorkflow(std::move(*verdict.replay));
  ORC_ASSIGN_OR_RETURN(WorkflowRow row, FindWorkflow(call.parts(), call.params[0]));
  ORC_ASSIGN_OR_RETURN(const int32_t if_match, ReadIfMatch(call.request()));
  ORC_ASSIGN_OR_RETURN(const Json body, ReadJsonBody(call.request()));
  BodyFields fields(body, {"version"});
  const std::optional<int64_t> number = fields.Int("version", 1, INT32_MAX);
  if (!Find(body, "version")) fields.Problem("version", "expected the number of the version to go back to");
  ORC_RETURN_IF_ERROR(fields.Verdict());
  if (!number) return Error{ErrorCode::kInvalid, "expected a version", {{"/version", "found null, expected a whole number"}}};
  const Result<VersionRow> version = call.parts().store.GetVersion(row.id, static_cast<int32_t>(*number));
  if (!version.ok()) {
    return version.error().code == ErrorCode::kNotFound ? NoSuchVersion(row, std::to_string(*number)) : version.error();
  }
  // Copied as it is, not checked again: what ran once may be gone back to, whatever the rules say today.
  CheckedDefinition copy;
  ORC_ASSIGN_OR_RETURN(Json document, ParseJson(version->payload));
  KeepKey(row, document);
  copy.payload = PrintJson(document);
  ORC_ASSIGN_OR_RETURN(copy.definition, ParseDefinition(document));
  copy.key = std::string(StringAt(document, "key"));
  copy.warnings = fields.warnings();
  return StoreNextVersion(call, std::move(row), copy, if_match, std::move(verdict.claim));
}

}  // namespace orc
