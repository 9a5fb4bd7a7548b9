// An action of a loaded library: what is known of it, and its instance.
#pragma once

#include <orchestrator/abi.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "plugin/plugins.h"

namespace orc {

struct LoadedAction {
  std::shared_ptr<const ActionInfo> info;
  const orc_action* table = nullptr;  // as long as the process
  void* instance = nullptr;
  bool is_blocking = false;
  std::shared_ptr<void> keeps = {};  // what the table is part of, when it is not the library's own
};

struct ActionFault {
  std::string check;  // "schema", "config", "create"
  std::string detail;
};

/// Makes an instance from a configuration (JSON text); null, and a sentence in `reason`, when it is refused.
using ActionMaker = std::function<void*(const std::string& config, std::string& reason)>;
/// By the action's own create, in this process.
ActionMaker MakeHere(const orc_action& table, const orc_host& host);

/// Where a plugin comes from and how it runs.
struct PluginOrigin {
  std::string file;
  std::string digest = {};  // "sha256:…"
  bool is_third_party = false;
  bool is_isolated = false;
  std::shared_ptr<void> keeps = {};  // what the tables are part of, when they are not the library's own
};

/// Compiles the schemas of a table that passed CheckActionTable, checks `config` and makes the instance.
std::variant<LoadedAction, ActionFault> LoadAction(const orc_plugin& plugin, const orc_action& table, const PluginOrigin& origin,
                                                   const Json& config, const ActionMaker& make);

}  // namespace orc
