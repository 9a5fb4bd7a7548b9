#include "app/paths.h"

#include <filesystem>

namespace orc {
namespace {

namespace fs = std::filesystem;

bool IsDir(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

}  // namespace

std::string ExecutableFile() {
  std::error_code fault;
  const fs::path file = fs::read_symlink("/proc/self/exe", fault);
  return fault ? std::string() : file.string();
}

Paths FindPaths(const std::string& executable) {
  const fs::path root = fs::path(executable).parent_path().parent_path();
  fs::path share = root / ORC_DATA_DIR "/orchestrator";
#ifdef ORC_BUILD_DIR
  // A build tree has no share folder: its schemas and templates are those of the source tree.
  if (!IsDir(share) && root == fs::path(ORC_BUILD_DIR)) share = ORC_SOURCE_DIR;
#endif
  const fs::path installed_plugins = root / ORC_LIB_DIR "/orchestrator/plugins";
  const fs::path built_plugins = root / "lib/orchestrator/plugins";
  const fs::path plugins = IsDir(installed_plugins) ? installed_plugins : built_plugins;
  const fs::path added = plugins.parent_path() / "plugins.d";
  return Paths{.plugin_dir = plugins.string(),
               .added_plugin_dir = IsDir(added) ? added.string() : std::string(),
               .plugin_host = (fs::path(executable).parent_path() / "orchestrator-plugin-host").string(),
               .schema_dir = (share / "schema").string(),
               .template_dir = (share / "templates").string()};
}

std::string DefaultStateDir(const Environment& environment, bool is_root) {
  const auto set = [&](const char* name) { return environment(name).value_or(""); };
  if (std::string dir = set("STATE_DIRECTORY"); !dir.empty()) return dir.substr(0, dir.find(':'));  // systemd lists several with ':'
  if (is_root) return "/var/lib/orchestrator";
  if (const std::string dir = set("XDG_STATE_HOME"); !dir.empty()) return dir + "/orchestrator";
  if (const std::string home = set("HOME"); !home.empty()) return home + "/.local/state/orchestrator";
  return "orchestrator-state";
}

}  // namespace orc
