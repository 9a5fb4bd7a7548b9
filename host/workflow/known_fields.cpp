#include "workflow/known_fields.h"

#include <algorithm>

#include "base/nearest.h"
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

bool Holds(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

struct Level {
  const Names& known;
  const Names& later;
  std::string_view what;
};

void CheckLevel(const Json& object, const std::string& pointer, const Level& level, bool strict, const Names& also_known,
                CheckReport& report) {
  if (!object.is_object()) return;
  for (const auto& member : object.get_object()) {
    const std::string name(member.key().data(), member.key().size());
    if (Holds(level.known, name) || Holds(also_known, name)) continue;
    const std::string at = Pointer(pointer, name);
    if (Holds(level.later, name)) {
      report.errors.push_back({at, "\"" + name + "\" is not supported by this release; without it the workflow would do something else"});
      continue;
    }
    auto& list = strict ? report.errors : report.warnings;
    list.push_back({at, "\"" + name + "\" is no field of " + std::string(level.what) + (strict ? "" : " and is ignored") +
                            DidYouMean(name, level.known)});
  }
}

}  // namespace

void CheckFields(const Json& document, bool strict, const Names& also_known, CheckReport& report) {
  CheckLevel(document, "", {kWorkflowFields, kWorkflowLater, "a workflow"}, strict, also_known, report);
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array()) return;
  for (size_t i = 0; i < steps->get_array().size(); ++i) {
    const Json& step = steps->get_array()[i];
    const std::string pointer = Pointer("/steps", i);
    CheckLevel(step, pointer, {kStepFields, kStepLater, "a step"}, strict, {}, report);
    const Json* retry = Find(step, "retry");
    if (retry != nullptr) CheckLevel(*retry, Pointer(pointer, "retry"), {kRetryFields, kRetryLater, "retry"}, strict, {}, report);
  }
}

}  // namespace orc
