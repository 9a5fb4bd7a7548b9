// Plugins in processes of their own, as part of the catalogue.
#include <filesystem>

#include "base/log.h"
#include "plugin/abi_check.h"
#include "plugin/host_table.h"
#include "plugin/plugin_host.h"

namespace orc {

bool PluginHost::IsIsolated(const std::string& file) {
  const PluginSettings& settings = SettingsOf(file);
  if (settings.isolation != PluginSettings::Isolation::kByFolder) return settings.isolation == PluginSettings::Isolation::kProcess;
  return IsThirdParty(file);
}

bool PluginHost::IsThirdParty(const std::string& file) const {
  return !options_.own_folder.empty() && std::filesystem::path(file).parent_path() != std::filesystem::path(options_.own_folder);
}

PluginOrigin PluginHost::OriginOf(const std::string& file, bool is_isolated) const {
  return {.file = file, .digest = digests_.at(file), .is_third_party = IsThirdParty(file), .is_isolated = is_isolated};
}

bool PluginHost::AsksForIsolation(const orc_plugin& plugin) {
  for (size_t i = 0; i < plugin.action_count; ++i) {
    if ((plugin.actions[i]->flags & ORC_ACTION_ISOLATED) != 0) return true;
  }
  return false;
}

void PluginHost::LoadIsolated(const std::string& file) {
  if (!isolation_) isolation_ = std::make_unique<IsolationLoop>();
  const std::string name = std::filesystem::path(file).stem().string();
  const auto path = PathToLoad(file);
  if (!path.ok()) return Fail({file, "copy", path.error().message});
  auto plugin = std::make_shared<IsolatedPlugin>(IsolatedPlugin::Options{.program = options_.process_program,
                                                                         .file = *path,
                                                                         .name = name,
                                                                         .settings = SettingsOf(file),
                                                                         .blocking_threads = options_.blocking_threads},
                                                 *isolation_);
  if (auto failure = plugin->Open(); !failure.check.empty()) {
    plugin->EndSoon();
    return Fail({file, std::move(failure.check), std::move(failure.detail)});
  }
  const std::string& measures = plugin->description().measures;
  const ProcessLimits& limits = SettingsOf(file).limits;
  if (!limits.may_use_network && measures.empty()) {
    LogWarn("neither a network namespace nor seccomp is to be had: the plugin's process may use the network", {{"plugin", name}});
  }
  const auto shared = std::make_shared<IsolatedTables>(std::move(plugin));
  IsolatedTables& tables = *shared;
  isolated_.push_back(tables.plugin().weak_from_this());
  const orc_plugin& table = tables.table();
  // The process judged its own tables; it may have been lying.
  if (auto fault = CheckPluginTable(table); !fault.empty()) return Fail({file, "abi", std::move(fault)});
  for (size_t i = 0; i < table.action_count; ++i) {
    if (auto fault = CheckActionTable(table.actions[i], i); !fault.empty()) return Fail({file, "action", std::move(fault)});
  }
  tables.plugin().SetHost(MakeHostTable(core_, std::string(View(table.name))));
  PluginOrigin origin = OriginOf(file, true);
  origin.keeps = shared;
  for (size_t i = 0; i < table.action_count; ++i) AddAction(table, *table.actions[i], origin, tables.Maker(static_cast<uint32_t>(i)));
  LogDebug("a plugin runs in a process of its own", {{"plugin", name}, {"measures", measures}});
}

void PluginHost::EndIsolated() {
  for (const auto& weak : isolated_) {
    if (const auto plugin = weak.lock()) plugin->End();
  }
}

}  // namespace orc
