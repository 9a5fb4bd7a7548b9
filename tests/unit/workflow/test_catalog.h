// A catalogue of the actions whose schemas lie in plugins/*/: drift between them and the workflow folder is caught.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "workflow/action_catalog.h"

namespace orc {

inline Json ReadJson(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return ParseJson(text.str()).value();
}

class FolderCatalog final : public ActionCatalog {
 public:
  FolderCatalog() {
    const std::map<std::string, std::string> folders = {{"http", "http"},
                                                        {"ai_router.chat", "ai_router_chat"},
                                                        {"web.search", "web_search"},
                                                        {"web.extract", "web_extract"},
                                                        {"memarch.store_fact", "memarch_store_fact"},
                                                        {"memarch.search", "memarch_search"},
                                                        {"scm.call", "scm_call"}};
    for (const auto& [name, folder] : folders) {
      auto info = std::make_shared<ActionInfo>();
      info->name = name;
      const Json schema = ReadJson(std::filesystem::path(ORC_SOURCE_DIR) / "plugins" / folder / "input.schema.json");
      info->input_schema = JsonSchema::Compile(name, schema).value();
      actions_[name] = info;
    }
  }
  std::shared_ptr<const ActionInfo> Find(std::string_view name) const override {
    const auto found = actions_.find(std::string(name));
    return found == actions_.end() ? nullptr : found->second;
  }
  std::vector<std::shared_ptr<const ActionInfo>> List() const override {
    std::vector<std::shared_ptr<const ActionInfo>> list;
    for (const auto& [name, info] : actions_) list.push_back(info);
    return list;
  }

 private:
  std::map<std::string, std::shared_ptr<const ActionInfo>> actions_;
};

}  // namespace orc
