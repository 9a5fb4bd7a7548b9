// The actions that are built in and those of the plugins, as one catalogue.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "workflow/action_catalog.h"

namespace orc {

/// As thread-safe as the plugins' catalogue, which must outlive it. A plugin can't take a built-in's name.
class FullCatalog final : public ActionCatalog {
 public:
  explicit FullCatalog(const ActionCatalog& plugins) : plugins_(plugins) {}

  std::shared_ptr<const ActionInfo> Find(std::string_view name) const override {
    for (const auto& action : BuiltInActions()) {
      if (action->name == name) return action;
    }
    return plugins_.Find(name);
  }

  std::vector<std::shared_ptr<const ActionInfo>> List() const override {
    std::vector<std::shared_ptr<const ActionInfo>> all = plugins_.List();
    all.insert(all.end(), BuiltInActions().begin(), BuiltInActions().end());
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
    return all;
  }

 private:
  const ActionCatalog& plugins_;
};

}  // namespace orc
