#include "workflow/known_fields.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/schema_lint.h"
#include "workflow/check.h"

namespace orc {
namespace {

using Names = std::vector<std::string>;

const Names kWorkflowFields = {"id",         "name",     "key",        "description", "expressions",     "labels",
                               "steps",      "version",  "created_at", "updated_at",  "input_schema",    "output",
                               "timeout_ms", "finally",  "on_failure", "retention",   "concurrency_key", "limit",
                               "on_limit",   "schedules"};
const Names kStepFields = {"id", "name",  "key",      "description", "action",        "input",  "retry", "timeout_ms", "requires_approval",
                           "if", "needs", "for_each", "concurrency", "on_item_error", "repeat", "catch", "compensate", "idempotency_key"};
const Names kRetryFields = {"max", "backoff_ms", "factor", "max_backoff_ms", "jitter", "on", "budget_ms"};
const Names kGateFields = {"approvers", "count", "allow_self", "timeout_ms", "on_timeout", "form", "message"};
const Names kRepeatFields = {"until", "every_ms", "max"};
const Names kCatchFields = {"on", "goto", "set"};
const Names kScheduleFields = {"name", "cron", "timezone", "overlap", "catch_up", "context", "paused", "description"};
const Names kCompensateFields = {"name", "action", "input", "retry", "timeout_ms", "description"};
const Names kTransformFields = {"set", "expr"};
const Names kWaitFields = {"ms", "until", "signal", "timeout_ms"};
const Names kSubWorkflowFields = {"workflow", "version", "context"};
const Names kRetentionFields = {"succeeded", "failed", "canceled", "timed_out", "default"};
const Names kConditionFields = {"key", "equals", "not_equals", "on_false", "if"};

bool Holds(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

struct Level {
  const Names& known;
  std::string_view what;
};

void CheckLevel(const Json* object, const std::string& pointer, const Level& level, bool strict, CheckReport& report,
                const Names& declared = {}) {
  if (object == nullptr || !object->is_object()) return;
  for (const auto& member : object->get_object()) {
    const std::string name(member.key().data(), member.key().size());
    if (Holds(level.known, name)) continue;
    const std::string at = Pointer(pointer, name);
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

void CheckWork(const Json& step, const std::string& pointer, bool strict, CheckReport& report) {
  CheckLevel(Find(step, "retry"), Pointer(pointer, "retry"), {kRetryFields, "retry"}, strict, report);
  const std::string_view action = StringAt(step, "action");
  const Json* input = Find(step, "input");
  const std::string at = Pointer(pointer, "input");
  if (action == "transform") CheckLevel(input, at, {kTransformFields, "transform"}, strict, report);
  if (action == "wait") CheckLevel(input, at, {kWaitFields, "wait"}, strict, report);
  if (action == "workflow.run") CheckLevel(input, at, {kSubWorkflowFields, "workflow.run"}, strict, report);
  if (action != "condition") return;
  CheckLevel(input, at, {kConditionFields, "condition"}, strict, report);
  WarnOfExpressionLikeKey(input, at, report);
}

void CheckStepFields(const Json& step, const std::string& pointer, bool strict, const DeclaredFields& declared, CheckReport& report) {
  CheckLevel(&step, pointer, {kStepFields, "a step"}, strict, report, declared.step);
  CheckWork(step, pointer, strict, report);
  CheckLevel(Find(step, "requires_approval"), Pointer(pointer, "requires_approval"), {kGateFields, "requires_approval"}, strict, report);
  CheckLevel(Find(step, "repeat"), Pointer(pointer, "repeat"), {kRepeatFields, "repeat"}, strict, report);
  if (const Json* compensation = Find(step, "compensate")) {
    CheckLevel(compensation, Pointer(pointer, "compensate"), {kCompensateFields, "compensate"}, strict, report);
    CheckWork(*compensation, Pointer(pointer, "compensate"), strict, report);
  }
  const Json* rules = Find(step, "catch");
  for (size_t i = 0; rules != nullptr && rules->is_array() && i < rules->get_array().size(); ++i) {
    CheckLevel(&rules->get_array()[i], Pointer(Pointer(pointer, "catch"), i), {kCatchFields, "catch"}, strict, report);
  }
}

}  // namespace

DeclaredFields FieldsOf(const Json& schema, const std::string& dir) {
  const auto prepared = PrepareSchema("", schema, dir);
  if (!prepared.ok()) return {};  // compiling the same schema says why
  return {PropertiesAt(*prepared, ""), PropertiesAt(*prepared, "/steps/0")};
}

void CheckFields(const Json& document, bool strict, const DeclaredFields& declared, CheckReport& report) {
  CheckLevel(&document, "", {kWorkflowFields, "a workflow"}, strict, report, declared.workflow);
  CheckLevel(Find(document, "retention"), "/retention", {kRetentionFields, "retention"}, strict, report);
  for (const char* list : {"steps", "finally"}) {
    const Json* steps = Find(document, list);
    if (steps == nullptr || !steps->is_array()) continue;
    for (size_t i = 0; i < steps->get_array().size(); ++i) {
      CheckStepFields(steps->get_array()[i], Pointer(Pointer("", list), i), strict, declared, report);
    }
  }
  const Json* schedules = Find(document, "schedules");
  for (size_t i = 0; schedules != nullptr && schedules->is_array() && i < schedules->get_array().size(); ++i) {
    CheckLevel(&schedules->get_array()[i], Pointer("/schedules", i), {kScheduleFields, "a schedule"}, strict, report);
  }
}

}  // namespace orc
