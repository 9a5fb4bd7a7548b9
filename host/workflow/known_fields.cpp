#include "workflow/known_fields.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/schema_lint.h"
#include "workflow/check.h"

namespace orc {
namespace {

using Names = std::vector<std::string>;

const Names kWorkflowFields = {"id", "name", "key", "description", "expressions", "labels", "steps", "version", "created_at", "updated_at"};
const Names kWorkflowLater = {"input_schema", "output",    "timeout_ms",      "finally", "on_failure",
                              "retention",    "schedules", "concurrency_key", "limit",   "on_limit"};
const Names kStepFields = {"id", "name", "key", "description", "action", "input", "retry", "timeout_ms", "requires_approval"};
const Names kStepLater = {"if", "needs", "for_each", "concurrency", "on_item_error", "repeat", "catch", "compensate", "idempotency_key"};
const Names kRetryFields = {"max", "backoff_ms"};
const Names kRetryLater = {"factor", "max_backoff_ms", "jitter", "on", "budget_ms"};
const Names kTransformFields = {"set"};
const Names kTransformLater = {"expr"};
const Names kConditionFields = {"key", "equals", "not_equals", "on_false"};
const Names kConditionLater = {"if"};

bool Holds(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

struct Level {
  const Names& known;
  const Names& later;
  std::string_view what;
};

void CheckLevel(const Json* object, const std::string& pointer, const Level& level, bool strict, CheckReport& report,
                const Names& declared = {}) {
  if (object == nullptr || !object->is_object()) return;
  for (const auto& member : object->get_object()) {
    const std::string name(member.key().data(), member.key().size());
    if (Holds(level.known, name)) continue;
    const std::string at = Pointer(pointer, name);
    if (Holds(level.later, name)) {
      report.errors.push_back({at, "\"" + name + "\" is not supported by this release; without it the workflow would do something else"});
      continue;
    }
    if (Holds(declared, name)) continue;
    auto& list = strict ? report.errors : report.warnings;
    list.push_back({at, "\"" + name + "\" is no field of " + std::string(level.what) + (strict ? "" : " and is ignored") +
                            DidYouMean(name, level.known)});
  }
}

/// The names under "properties" of that part of a prepared schema which speaks about `pointer`.
Names PropertiesAt(const Json& schema, std::string_view pointer) {
  Names names;
  const Json* part = SubschemaAt(schema, pointer);
  const Json* properties = part == nullptr ? nullptr : Find(*part, "properties");
  if (properties == nullptr || !properties->is_object()) return names;
  for (const auto& member : properties->get_object()) names.emplace_back(member.key().data(), member.key().size());
  return names;
}

/// An expression's spelling would look for a member of that name, find nothing and say no more.
void WarnOfExpressionLikeKey(const Json* input, const std::string& pointer, CheckReport& report) {
  if (input == nullptr || !input->is_object()) return;
  const std::string_view key = StringAt(*input, "key");
  if (key.find('[') == std::string_view::npos && !key.starts_with("context.")) return;
  report.warnings.push_back(
      {Pointer(pointer, "key"), "\"" + std::string(key) +
                                    "\" is a path within the context, not an expression: write order.items.0.sku, without "
                                    "\"context.\" and with .0 for [0]"});
}

}  // namespace

DeclaredFields FieldsOf(const Json& schema, const std::string& dir) {
  const auto prepared = PrepareSchema("", schema, dir);
  if (!prepared.ok()) return {};  // compiling the same schema says why
  return {PropertiesAt(*prepared, ""), PropertiesAt(*prepared, "/steps/0")};
}

void CheckFields(const Json& document, bool strict, const DeclaredFields& declared, CheckReport& report) {
  CheckLevel(&document, "", {kWorkflowFields, kWorkflowLater, "a workflow"}, strict, report, declared.workflow);
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array()) return;
  for (size_t i = 0; i < steps->get_array().size(); ++i) {
    const Json& step = steps->get_array()[i];
    const std::string pointer = Pointer("/steps", i);
    CheckLevel(&step, pointer, {kStepFields, kStepLater, "a step"}, strict, report, declared.step);
    CheckLevel(Find(step, "retry"), Pointer(pointer, "retry"), {kRetryFields, kRetryLater, "retry"}, strict, report);
    const std::string_view action = StringAt(step, "action");
    const std::string input = Pointer(pointer, "input");
    if (action == "transform") CheckLevel(Find(step, "input"), input, {kTransformFields, kTransformLater, "transform"}, strict, report);
    if (action == "condition") {
      CheckLevel(Find(step, "input"), input, {kConditionFields, kConditionLater, "condition"}, strict, report);
      WarnOfExpressionLikeKey(Find(step, "input"), input, report);
    }
  }
}

}  // namespace orc
