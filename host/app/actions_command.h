// `orchestrator actions`: what a server with this configuration would load.
#pragma once

#include <string>
#include <vector>

namespace orc {

/// The arguments after the word; the process's exit code. Loads the plugins as the server does, without listening or opening a store.
int RunActionsCommand(const std::vector<std::string>& arguments);

}  // namespace orc
