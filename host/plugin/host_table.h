// The table of functions that a plugin gets of the host.
#pragma once

#include <orchestrator/abi.h>

#include <memory>
#include <string>

#include "plugin/plugin_core.h"

namespace orc {

/// One for each plugin, so that the log says who speaks. Never freed: plugins keep it as long as the process lives.
const orc_host& MakeHostTable(std::shared_ptr<PluginCore> core, std::string plugin_name);

}  // namespace orc
