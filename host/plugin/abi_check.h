// The ABI gate: what a plugin's tables must be before anything in them is called.
#pragma once

#include <orchestrator/abi.h>

#include <string>
#include <string_view>

namespace orc {

/// "" or one sentence: found and expected.
std::string CheckPluginTable(const orc_plugin& plugin);
std::string CheckActionTable(const orc_action* action, size_t index);

/// [a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*
bool IsActionName(std::string_view name);

std::string_view View(orc_text text);
orc_text Text(std::string_view text);

}  // namespace orc
