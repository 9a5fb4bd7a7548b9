#include "app/plugin_settings_config.h"

#include "app/config_section.h"

namespace orc {
namespace {

PluginSettings Read(const Json& plugins, std::string_view name) {
  const ConfigSection section(plugins, name);
  PluginSettings settings;
  const std::string isolation = section.Text("isolation");
  if (isolation == "none") settings.isolation = PluginSettings::Isolation::kNone;
  if (isolation == "process") settings.isolation = PluginSettings::Isolation::kProcess;
  if (const Json* config = section.Find("config"); config != nullptr && config->is_object()) settings.config = config->get_object();
  if (const Json* actions = section.Find("actions"); actions != nullptr && actions->is_object()) {
    for (const auto& action : actions->get_object()) settings.actions[action.key()] = action.value().as_object();
  }
  section.ReadCount("memory", settings.limits.memory_bytes);
  section.ReadCount("open_files", settings.limits.open_files);
  section.ReadCount("cpu_time", settings.limits.cpu_ms);
  section.Read("network", settings.limits.may_use_network);
  section.Read("programs", settings.limits.may_run_programs);
  section.ReadCount("processes", settings.processes);
  section.ReadCount("attempts_per_process", settings.attempts_per_process);
  section.ReadCount("stop_grace", settings.stop_grace_ms);
  section.ReadCount("restart_delay", settings.restart_delay_ms);
  return settings;
}

}  // namespace

std::map<std::string, PluginSettings> PluginSettingsOf(const Json& config) {
  std::map<std::string, PluginSettings> all;
  const Json* settings = ConfigSection(config, "plugins").Find("settings");
  if (settings == nullptr || !settings->is_object()) return all;
  for (const auto& plugin : settings->get_object()) all[plugin.key()] = Read(*settings, plugin.key());
  return all;
}

}  // namespace orc
