#include "workflow/action_catalog.h"

#include <algorithm>
#include <cstdlib>

namespace orc {
namespace {

constexpr std::string_view kTransformInput = R"json({
  "type": "object",
  "anyOf": [{"required": ["set"]}, {"required": ["expr"]}],
  "properties": {
    "set": {"type": "object", "description": "Keys that are merged into the run's context, each replaced whole."},
    "expr": {"type": "string", "minLength": 1, "description": "CEL: the step's output."}
  }
})json";

constexpr std::string_view kTransformOutput = R"json({"description": "What `expr` gave, else what was set."})json";

constexpr std::string_view kConditionInput = R"json({
  "type": "object",
  "anyOf": [{"required": ["key"]}, {"required": ["if"]}],
  "properties": {
    "if": {"type": "string", "minLength": 1, "description": "CEL: true or false. In the place of key."},
    "key": {"type": "string", "minLength": 1, "description": "A dotted path in the run's context; what is missing is null."},
    "equals": {"description": "Holds when the value is deeply equal to this."},
    "not_equals": {"description": "Holds when the value is not deeply equal to this."},
    "on_false": {"type": "string", "pattern": "^(stop|fail|continue|skip_to:.+)$", "description": "stop: the run ends SUCCEEDED. fail: it ends FAILED. skip_to:<step>: a later step of the sequence. Else it goes on."}
  }
})json";

constexpr std::string_view kConditionOutput = R"json({
  "type": "object",
  "required": ["result"],
  "properties": {"result": {"type": "boolean"}}
})json";

constexpr std::string_view kWaitInput = R"json({
  "type": "object",
  "oneOf": [{"required": ["ms"]}, {"required": ["until"]}, {"required": ["signal"]}],
  "properties": {
    "ms": {"type": "integer", "minimum": 0, "maximum": 31536000000, "description": "Milliseconds."},
    "until": {"type": "string", "description": "A time, RFC 3339."},
    "signal": {"type": "string", "minLength": 1, "maxLength": 200, "description": "The name of a signal; one that came before is taken."},
    "timeout_ms": {"type": "integer", "minimum": 1, "maximum": 31536000000, "description": "How long to wait for the signal."}
  }
})json";

constexpr std::string_view kWaitOutput = R"json({"description": "Of a signal: its payload. Else null."})json";

constexpr std::string_view kSubWorkflowInput = R"json({
  "type": "object",
  "required": ["workflow"],
  "properties": {
    "workflow": {"type": "string", "minLength": 1, "description": "Its id or key."},
    "version": {"type": "integer", "minimum": 1, "description": "Else the current one."},
    "context": {"type": "object", "description": "Of the new run."}
  }
})json";

constexpr std::string_view kSubWorkflowOutput = R"json({"description": "The output of the run that it started."})json";

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
      Make("transform", "Reshapes the run's data.", kTransformInput, kTransformOutput),
      Make("wait", "Waits for a time, an instant or a signal.", kWaitInput, kWaitOutput),
      Make("workflow.run", "Starts a run of another workflow and waits for its end.", kSubWorkflowInput, kSubWorkflowOutput),
  };
  return actions;
}

bool IsBuiltInAction(std::string_view name) {
  const auto& actions = BuiltInActions();
  return std::any_of(actions.begin(), actions.end(), [&](const auto& action) { return action->name == name; });
}

}  // namespace orc
