#include "workflow/action_catalog.h"

#include <algorithm>
#include <cstdlib>

namespace orc {
namespace {

constexpr std::string_view kTransformInput = R"json({
  "type": "object",
  "required": ["set"],
  "properties": {
    "set": {"type": "object", "description": "Keys that are merged into the run's context, each replaced whole."}
  }
})json";

constexpr std::string_view kTransformOutput = R"json({"type": "object", "description": "What `set` gave."})json";

constexpr std::string_view kConditionInput = R"json({
  "type": "object",
  "required": ["key"],
  "properties": {
    "key": {"type": "string", "minLength": 1, "description": "A dotted path in the run's context; what is missing is null."},
    "equals": {"description": "Holds when the value is deeply equal to this."},
    "not_equals": {"description": "Holds when the value is not deeply equal to this."},
    "on_false": {"enum": ["stop", "fail", "continue"], "description": "stop: the run ends SUCCEEDED. fail: it ends FAILED. Else it goes on."}
  }
})json";

constexpr std::string_view kConditionOutput = R"json({
  "type": "object",
  "required": ["result"],
  "properties": {"result": {"type": "boolean"}}
})json";

std::shared_ptr<const ActionInfo> Make(std::string_view name, std::string_view summary, std::string_view input, std::string_view output) {
  auto info = std::make_shared<ActionInfo>();
  info->name = name;
  info->version = "1.0.0";
  info->summary = summary;
  info->idempotent = true;
  info->input_schema_text = input;
  info->output_schema_text = output;
  auto schema = JsonSchema::Compile(name, ParseJson(input).value());
  if (!schema.ok()) std::abort();  // the texts above are part of the program
  info->input_schema = *schema;
  return info;
}

}  // namespace

const std::vector<std::shared_ptr<const ActionInfo>>& BuiltInActions() {
  static const std::vector<std::shared_ptr<const ActionInfo>> actions = {
      Make("condition", "Compares a value of the run's context and decides how the run goes on.", kConditionInput, kConditionOutput),
      Make("transform", "Merges values into the run's context.", kTransformInput, kTransformOutput),
  };
  return actions;
}

bool IsBuiltInAction(std::string_view name) {
  const auto& actions = BuiltInActions();
  return std::any_of(actions.begin(), actions.end(), [&](const auto& action) { return action->name == name; });
}

}  // namespace orc
