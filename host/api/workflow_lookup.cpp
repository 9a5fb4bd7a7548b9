#include "api/workflow_lookup.h"

namespace orc {
namespace {

Error InvalidWorkflow(CheckReport report) {
  const size_t count = report.errors.size();
  const std::string problems = count == 1 ? "one problem" : std::to_string(count) + " problems";
  return {ErrorCode::kInvalid, "the workflow has " + problems, std::move(report.errors), std::move(report.warnings)};
}

}  // namespace

Result<CheckedDefinition> CheckWorkflowDocument(const ApiParts& parts, Json document) {
  if (document.is_object()) {
    for (const char* own : {"id", "version", "archived", "created_at", "updated_at", "warnings"}) document.as_object().erase(own);
  }
  CheckReport report = parts.checker.Check(document);
  if (!report.errors.empty()) return InvalidWorkflow(std::move(report));
  const Json normal = NormaliseDefinition(document, parts.ids);
  CheckedDefinition checked;
  Result<std::shared_ptr<const Definition>> parsed = ParseDefinition(normal);
  if (!parsed.ok()) return std::move(parsed).error();
  checked.definition = std::move(parsed).value();
  checked.payload = PrintJson(normal);
  checked.key = std::string(StringAt(normal, "key"));
  checked.warnings = std::move(report.warnings);
  return checked;
}

Result<void> CheckKeyIsFree(const ApiParts& parts, const std::string& key, const std::string& workflow_id) {
  if (key.empty()) return {};
  const Result<WorkflowRow> owner = FindWorkflow(parts, key);
  if (!owner.ok()) return owner.error().code == ErrorCode::kNotFound ? Result<void>() : owner.error();
  // Where either may stand the id counts before the key: this one would never be found.
  if (owner->id == key) return Error{ErrorCode::kConflict, "the key \"" + key + "\" is the id of a workflow"};
  if (owner->id == workflow_id) return {};
  const std::string whose = owner->archived ? "\" belongs to the archived workflow " : "\" belongs to workflow ";
  return Error{ErrorCode::kConflict, "the key \"" + key + whose + owner->id};
}

}  // namespace orc
