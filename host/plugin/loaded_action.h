// An action of a loaded library: what is known of it, and its instance.
#pragma once

#include <orchestrator/abi.h>

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
};

struct ActionFault {
  std::string check;  // "schema", "config", "create"
  std::string detail;
};

/// Compiles the schemas of a table that passed CheckActionTable, checks `config` and makes the instance.
std::variant<LoadedAction, ActionFault> LoadAction(const orc_plugin& plugin, const orc_action& table, const std::string& file,
                                                   const Json& config, const orc_host& host);

}  // namespace orc
