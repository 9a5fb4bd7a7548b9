// Plugins: the catalogue of what was loaded, and the runner.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/isolated_tables.h"
#include "plugin/isolation_loop.h"
#include "plugin/loaded_action.h"
#include "plugin/plugin_core.h"
#include "plugin/plugins.h"

namespace orc {

class PluginHost final : public Plugins {
 public:
  PluginHost(const Options& options, const Clock& clock, HttpService& http);
  ~PluginHost() override;

  void LoadFolders();
  /// What was loaded is there for everyone from now on.
  void Publish();

  std::shared_ptr<const ActionInfo> Find(std::string_view name) const override;
  std::vector<std::shared_ptr<const ActionInfo>> List() const override;
  const std::vector<Failure>& failures() const override { return failures_; }

  void Bind(AttemptSink& sink) override { core_->Bind(sink); }
  void Start(AttemptOrder order) override;
  void Cancel(const AttemptKey& key) override { core_->Cancel(key); }
  size_t InFlight() const override { return core_->InFlight(); }
  void Stop() override;
  PluginReload Reload() override;

 private:
  void LoadFolder(const std::string& folder);
  void LoadFile(const std::string& file);
  void AddAction(const orc_plugin& plugin, const orc_action& table, const PluginOrigin& origin, const ActionMaker& make);
  void StartWithSecrets(AttemptOrder order, const LoadedAction& action);
  // plugin_host_reload.cpp
  using ActionSet = std::map<std::string, std::shared_ptr<LoadedAction>, std::less<>>;
  std::shared_ptr<const ActionSet> Actions() const;
  bool KeepUnchanged(const std::string& file);
  void LoadOrKeep(const std::string& file);
  void TakeFromBefore(const std::string& file);
  Result<std::string> PathToLoad(const std::string& file) const;
  void Retire(std::shared_ptr<LoadedAction> action);
  void DestroyRetired(bool is_stopping);
  void NoteVersion(const AttemptOrder& order, const ActionInfo& info);
  // plugin_host_isolation.cpp
  bool IsIsolated(const std::string& file);
  bool IsThirdParty(const std::string& file) const;
  PluginOrigin OriginOf(const std::string& file, bool is_isolated) const;
  static bool AsksForIsolation(const orc_plugin& plugin);
  void LoadIsolated(const std::string& file);
  void EndIsolated();
  const PluginSettings& SettingsOf(const std::string& file);
  void Fail(Failure failure);
  std::vector<std::string> Names() const;

  const Options options_;
  const std::shared_ptr<PluginCore> core_;
  std::mutex reload_mutex_;                            // of what follows; only one loads at a time
  ActionSet actions_;                                  // what is being loaded, or was last
  ActionSet before_;                                   // during a reload: what was there
  std::map<std::string, std::string> digests_;         // file → what was loaded of it
  std::map<std::string, std::string> digests_before_;  // during a reload
  PluginReload* report_ = nullptr;                     // during a reload
  std::set<std::string> plugin_names_;                 // of the files that were tried
  std::vector<Failure> failures_;
  std::unique_ptr<IsolationLoop> isolation_;  // once a plugin is isolated
  std::vector<std::weak_ptr<IsolatedPlugin>> isolated_;
  bool stopped_ = false;

  mutable std::shared_mutex set_mutex_;
  std::shared_ptr<const ActionSet> set_ = std::make_shared<ActionSet>();
  std::mutex retired_mutex_;
  struct Retired {
    std::shared_ptr<LoadedAction> action;
    int64_t idle_since_us = 0;  // 0: it has attempts, or nobody looked yet
  };
  std::vector<Retired> retired_;  // replaced; destroyed once their attempts have ended
  std::atomic<bool> has_retired_{false};
  std::atomic<int64_t> next_look_us_{0};
};

}  // namespace orc
