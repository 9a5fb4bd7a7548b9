// An isolated plugin's tables, as if its library were loaded here: the functions hand everything to its process.
#pragma once

#include <orchestrator/abi.h>

#include <memory>
#include <string>
#include <vector>

#include "plugin/isolated_plugin.h"
#include "plugin/loaded_action.h"

namespace orc {

/// Lives until no action made by `Maker` is used any more.
class IsolatedTables {
 public:
  explicit IsolatedTables(std::shared_ptr<IsolatedPlugin> plugin);
  ~IsolatedTables() { plugin_->EndSoon(); }
  IsolatedTables(const IsolatedTables&) = delete;
  IsolatedTables& operator=(const IsolatedTables&) = delete;

  const orc_plugin& table() const { return table_; }
  IsolatedPlugin& plugin() { return *plugin_; }
  ActionMaker Maker(uint32_t action);

 private:
  const std::shared_ptr<IsolatedPlugin> plugin_;
  std::vector<orc_action> actions_;
  std::vector<const orc_action*> pointers_;
  orc_plugin table_{};
};

}  // namespace orc
