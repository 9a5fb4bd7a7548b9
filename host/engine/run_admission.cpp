#include "engine/run_admission.h"

#include "engine/draft.h"
#include "engine/evaluate.h"
#include "engine/no_outputs.h"

namespace orc {
namespace {

Result<void> CheckContext(const Definition& definition, const Json& context) {
  if (!context.is_object()) return Error{ErrorCode::kInvalid, "the context must be an object", {{"/context", "expected an object"}}};
  if (definition.input_schema == nullptr) return {};
  std::vector<Problem> problems = definition.input_schema->Validate(context, "/context");
  if (problems.empty()) return {};
  std::string message =
      "the context does not fit the workflow's input_schema: " + problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

/// Of all workflows: the key alone says which runs count together.
Result<std::string> LimitKeyOf(const Definition& definition, const RunIdentity& identity, const std::shared_ptr<const Json>& context,
                               int64_t now_us) {
  const std::string prefix = identity.workflow_id + ":";
  if (definition.limit.key == nullptr) return prefix;
  Run run;
  run.identity = identity;
  run.context = context;
  const NoOutputs outputs;
  const Draft draft(definition, run, outputs, now_us);
  Result<std::string> key = EvaluateKey(draft, StepState{}, *definition.limit.key);
  if (key.ok()) return prefix + *key;
  const std::string detail = "the workflow's concurrency_key cannot be evaluated: " + key.error().message;
  return Error{ErrorCode::kInvalid, detail, {{"/context", detail}}};
}

}  // namespace

Result<void> AdmitRun(const Definition& definition, RunIdentity& identity, const std::shared_ptr<const Json>& context, int64_t now_us) {
  const auto given = context ? context : std::make_shared<const Json>(JsonObject());
  ORC_RETURN_IF_ERROR(CheckContext(definition, *given));
  identity.limit_key.clear();
  if (definition.limit.limit == 0) return {};
  ORC_ASSIGN_OR_RETURN(identity.limit_key, LimitKeyOf(definition, identity, given, now_us));
  return {};
}

std::string MergeLabels(const Definition& definition, const JsonObject* own) {
  JsonObject labels;
  for (const auto& [name, value] : definition.labels) labels[name] = value;
  if (own != nullptr) {
    for (const auto& member : *own) labels[member.key()] = member.value();
  }
  return PrintJson(Json(std::move(labels)));
}

}  // namespace orc
