#include "api/workflow_lookup.h"

namespace orc {
namespace {

Error InvalidWorkflow(CheckReport report) {
  const size_t count = report.errors.size();
  const std::string problems = count == 1 ? "one problem" : std::to_string(count) + " problems";
  return {ErrorCode::kInvalid, "the workflow has " + problems, std::move(report.errors), std::move(report.warnings)};
}

/// A workflow that is named and is not there: it may still come.
void WarnOfMissing(const ApiParts& parts, const std::string& name, const std::string& pointer, std::vector<Problem>& warnings) {
  constexpr size_t kMostWarnings = 100;
  if (name.empty() || warnings.size() >= kMostWarnings) return;
  const Result<WorkflowRow> found = FindWorkflow(parts, name);
  if (found.ok() || found.error().code != ErrorCode::kNotFound) return;
  warnings.push_back({pointer, "there is no workflow with the id or key \"" + name + "\" now"});
}

void WarnOfMissingWorkflows(const ApiParts& parts, const Json& document, std::vector<Problem>& warnings) {
  const std::string own_key(StringAt(document, "key"));
  const auto warn = [&](std::string_view name, const std::string& pointer) {
    if (name != own_key && name.find("{{") == std::string_view::npos) WarnOfMissing(parts, std::string(name), pointer, warnings);
  };
  warn(StringAt(document, "on_failure"), "/on_failure");
  for (const char* list : {"steps", "finally"}) {
    const Json* steps = Find(document, list);
    for (size_t i = 0; steps != nullptr && steps->is_array() && i < steps->get_array().size(); ++i) {
      const Json& step = steps->get_array()[i];
      const Json* input = Find(step, "input");
      if (StringAt(step, "action") != "workflow.run" || input == nullptr) continue;
      warn(StringAt(*input, "workflow"), Pointer(Pointer(Pointer("", list), i), "input") + "/workflow");
    }
  }
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
  WarnOfMissingWorkflows(parts, normal, checked.warnings);
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
