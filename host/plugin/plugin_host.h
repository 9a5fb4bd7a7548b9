// Plugins: the catalogue of what was loaded, and the runner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/loaded_action.h"
#include "plugin/plugin_core.h"
#include "plugin/plugins.h"

namespace orc {

class PluginHost final : public Plugins {
 public:
  PluginHost(const Options& options, const Clock& clock, HttpService& http);
  ~PluginHost() override;

  void LoadFolders();

  std::shared_ptr<const ActionInfo> Find(std::string_view name) const override;
  std::vector<std::shared_ptr<const ActionInfo>> List() const override;
  const std::vector<Failure>& failures() const override { return failures_; }

  void Bind(AttemptSink& sink) override { core_->Bind(sink); }
  void Start(AttemptOrder order) override;
  void Cancel(const AttemptKey& key) override { core_->Cancel(key); }
  size_t InFlight() const override { return core_->InFlight(); }
  void Stop() override;

 private:
  void LoadFolder(const std::string& folder);
  void LoadFile(const std::string& file);
  void AddAction(const orc_plugin& plugin, const orc_action& table, const std::string& file, const orc_host& host);
  void StartWithSecrets(AttemptOrder order, const LoadedAction& action);
  void Fail(Failure failure);
  std::vector<std::string> Names() const;

  const Options options_;
  const std::shared_ptr<PluginCore> core_;
  std::map<std::string, std::unique_ptr<LoadedAction>, std::less<>> actions_;  // fixed once loaded
  std::vector<Failure> failures_;
  bool stopped_ = false;
};

}  // namespace orc
