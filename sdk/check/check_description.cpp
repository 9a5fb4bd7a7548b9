// describes-itself and schemas-are-valid: what the entry tells.
#include <dlfcn.h>

#include <set>

#include "plugin/abi_check.h"
#include "subject.h"
#include "workflow/action_catalog.h"

namespace orc::check {
namespace {

std::string TextOf(orc_text text) { return std::string(View(text)); }

bool HasEntry(const std::string& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  return library != nullptr && ::dlsym(library, ORC_ENTRY_NAME) != nullptr;
}

/// What the server would let pass, but nobody should ship.
std::string Shortcoming(const orc_plugin& plugin) {
  if (plugin.licence.size == 0) return "the plugin names no licence";
  if (plugin.summary.size == 0) return "the plugin has no summary";
  std::set<std::string> names;
  for (size_t i = 0; i < plugin.action_count; ++i) {
    const orc_action& action = *plugin.actions[i];
    const std::string name = TextOf(action.name);
    if (!names.insert(name).second) return "the action \"" + name + "\" is offered twice";
    if (IsBuiltInAction(name)) return "the action \"" + name + "\" is built into the server and can't be replaced";
    if (action.summary.size == 0) return "the action \"" + name + "\" has no summary";
  }
  return {};
}

}  // namespace

Finding DescribesItself(Subject& subject) {
  if (!HasEntry(subject.file())) return Skipped("there is no entry to ask");
  const auto opened = subject.Open();
  if (!opened.ok()) return Failed(opened.error().message);
  const orc_plugin& plugin = **opened;
  if (std::string fault = CheckPluginTable(plugin); !fault.empty()) return Failed(std::move(fault));
  for (size_t i = 0; i < plugin.action_count; ++i) {
    if (std::string fault = CheckActionTable(plugin.actions[i], i); !fault.empty()) return Failed(std::move(fault));
  }
  if (std::string fault = Shortcoming(plugin); !fault.empty()) return Failed(std::move(fault));
  std::string detail = TextOf(plugin.name) + " " + TextOf(plugin.version) + " offers ";
  for (size_t i = 0; i < plugin.action_count; ++i) detail += (i == 0 ? "" : ", ") + TextOf(plugin.actions[i]->name);
  return Passed(std::move(detail));
}

Finding SchemasAreValid(Subject& subject) {
  const auto actions = subject.Actions();
  if (!actions.ok()) return Failed(actions.error().message);
  size_t count = 0;
  for (const Action& action : *actions) {
    for (const auto* schema : {&action.config_schema, &action.input_schema, &action.output_schema}) count += *schema != nullptr ? 1 : 0;
  }
  return Passed(std::to_string(count) + (count == 1 ? " schema" : " schemas") + " of " + std::to_string(actions->size()) +
                (actions->size() == 1 ? " action" : " actions"));
}

}  // namespace orc::check
