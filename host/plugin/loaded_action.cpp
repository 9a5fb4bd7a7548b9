#include "plugin/loaded_action.h"

#include "plugin/abi_check.h"

namespace orc {
namespace {

std::string Listed(const Error& error) {
  std::string text = error.message;
  for (const auto& problem : error.problems) text += "; " + (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.detail;
  return text;
}

using Compiled = std::variant<std::shared_ptr<const JsonSchema>, ActionFault>;

Compiled CompileSchema(std::string_view action, const char* which, orc_text text) {
  if (text.size == 0) return std::shared_ptr<const JsonSchema>();
  const std::string name = "the " + std::string(which) + " schema of \"" + std::string(action) + "\"";
  const auto json = ParseJson(View(text));
  if (!json.ok()) return ActionFault{"schema", name + " is not JSON: " + json.error().message};
  auto schema = JsonSchema::Compile(name, *json);
  if (!schema.ok()) return ActionFault{"schema", name + " is not a usable schema: " + Listed(schema.error())};
  return std::move(schema).value();
}

void Append(void* context, orc_text text) { static_cast<std::string*>(context)->append(View(text)); }

std::variant<void*, ActionFault> Create(const orc_action& table, const Json& config, const ActionMaker& make) {
  std::string reason;
  if (void* instance = make(PrintJson(config), reason)) return instance;
  const std::string name(View(table.name));
  return ActionFault{"create",
                     "\"" + name + "\" refuses its configuration: " + (reason.empty() ? "it gave no reason" : ToStorableText(reason))};
}

std::shared_ptr<ActionInfo> Describe(const orc_plugin& plugin, const orc_action& table, const PluginOrigin& origin) {
  auto info = std::make_shared<ActionInfo>();
  info->name = View(table.name);
  info->version = View(table.version);
  info->summary = View(table.summary);
  info->plugin_name = View(plugin.name);
  info->plugin_version = View(plugin.version);
  info->plugin_file = origin.file;
  info->plugin_digest = origin.digest;
  info->is_third_party = origin.is_third_party;
  info->is_isolated = origin.is_isolated;
  info->idempotent = (table.flags & (ORC_ACTION_IDEMPOTENT | ORC_ACTION_PURE)) != 0;
  info->config_schema_text = View(table.config_schema);
  info->input_schema_text = View(table.input_schema);
  info->output_schema_text = View(table.output_schema);
  return info;
}

}  // namespace

ActionMaker MakeHere(const orc_action& table, const orc_host& host) {
  return [&table, &host](const std::string& config, std::string& reason) -> void* {
    const orc_sink sink{&reason, &Append};
    try {
      return table.create(&host, Text(config), &sink);
    } catch (const std::exception& e) {  // it must not, but the server is still starting and the others can go on
      reason = std::string("create let an exception out: ") + e.what();
    } catch (...) {
      reason = "create let an exception out";
    }
    return nullptr;
  };
}

std::variant<LoadedAction, ActionFault> LoadAction(const orc_plugin& plugin, const orc_action& table, const PluginOrigin& origin,
                                                   const Json& config, const ActionMaker& make) {
  auto info = Describe(plugin, table, origin);
  auto config_schema = CompileSchema(info->name, "configuration", table.config_schema);
  auto input_schema = CompileSchema(info->name, "input", table.input_schema);
  auto output_schema = CompileSchema(info->name, "output", table.output_schema);
  for (const auto* compiled : {&config_schema, &input_schema, &output_schema}) {
    if (const auto* fault = std::get_if<ActionFault>(compiled)) return *fault;
  }
  if (const auto& schema = std::get<0>(config_schema)) {
    if (auto problems = schema->Validate(config); !problems.empty()) {
      return ActionFault{"config",
                         Listed({ErrorCode::kInvalid, "the configuration of \"" + info->name + "\" does not fit", std::move(problems)})};
    }
  }
  auto created = Create(table, config, make);
  if (const auto* fault = std::get_if<ActionFault>(&created)) return *fault;
  info->input_schema = std::get<0>(std::move(input_schema));
  return LoadedAction{std::move(info), &table, std::get<void*>(created), (table.flags & ORC_ACTION_BLOCKING) != 0, origin.keeps};
}

}  // namespace orc
