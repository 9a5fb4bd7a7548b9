// One loaded library and its table. Loaded for good: code that a thread or a thread-local destructor may still run must stay.
#pragma once

#include <orchestrator/abi.h>

#include <string>
#include <variant>

#include "plugin/plugins.h"

namespace orc {

/// Loads `file` and asks its entry. Every symbol is bound at once, none is shown to other libraries.
std::variant<const orc_plugin*, Plugins::Failure> OpenLibrary(const std::string& file);

}  // namespace orc
