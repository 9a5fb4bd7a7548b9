// `plugins.settings` of the configuration.
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "plugin/plugin_settings.h"

namespace orc {

/// By the plugin's name. `config` has been checked against its schema.
std::map<std::string, PluginSettings> PluginSettingsOf(const Json& config);

}  // namespace orc
