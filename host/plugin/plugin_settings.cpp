#include "plugin/plugin_settings.h"

namespace orc {

Json ConfigOf(const std::string& action, const Json& base, const PluginSettings& settings) {
  JsonObject config = base.is_object() ? base.get_object() : JsonObject();
  for (const auto& member : settings.config) config[member.key()] = member.value();
  if (const auto own = settings.actions.find(action); own != settings.actions.end()) {
    for (const auto& member : own->second) config[member.key()] = member.value();
  }
  return config;
}

}  // namespace orc
