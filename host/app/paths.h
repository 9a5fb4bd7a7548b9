// Where the server's own files lie: found from the place of its program, so that an installed tree can be moved.
#pragma once

#include <string>

#include "app/substitute.h"

namespace orc {

/// Absolute paths.
struct Paths {
  std::string plugin_dir;
  std::string added_plugin_dir = {};  // plugins.d beside it, for plugins of other packages; "" when it is not there
  std::string plugin_host = {};       // orchestrator-plugin-host, beside the program
  std::string schema_dir;
  std::string template_dir;
};

/// For the program file `executable` (DIR/bin/orchestrator): DIR/lib*/orchestrator/plugins and DIR/share/orchestrator/…; in a build tree
/// the build's plugins with the source tree's schema and templates.
Paths FindPaths(const std::string& executable);

/// The file of the running program.
std::string ExecutableFile();

/// $STATE_DIRECTORY (systemd), else /var/lib/orchestrator for root, else $XDG_STATE_HOME/orchestrator or ~/.local/state/orchestrator.
std::string DefaultStateDir(const Environment& environment, bool is_root);

}  // namespace orc
