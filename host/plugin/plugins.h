// Loads action plugins, knows what they offer, and runs attempts in them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "engine/action_runner.h"
#include "outbound/http_service.h"
#include "plugin/plugin_settings.h"
#include "secrets/secret_source.h"
#include "workflow/action_catalog.h"

namespace orc {

/// Catalogue and runner in one: what an action is and how it is carried out come from the same loaded library. Thread-safe.
class Plugins : public ActionCatalog, public ActionRunner {
 public:
  struct Options {
    std::vector<std::string> folders = {};                // every *.so in them is tried, by name
    std::map<std::string, Json> action_config = {};       // by action name; absent: {}
    std::map<std::string, PluginSettings> settings = {};  // by plugin: the name of its file without .so
    std::string own_folder = {};       // plugins of any other run in processes of their own unless `settings` says else; "": none do
    std::string copies_folder = {};    // where changed libraries are copied to before they are loaded; "": they are not loaded
    std::string process_program = {};  // orchestrator-plugin-host
    int blocking_threads = 8;          // of the pool for blocking actions, started when first needed
    size_t max_output_bytes = 2u << 20;
    bool check_ownership = true;                 // only files of root or of this user, not writable by others
    std::shared_ptr<SecretSource> secrets = {};  // null: no step finds any
  };
  /// A library that fails to load leaves one clear line in the log (which file, which check, what was found and expected), and an
  /// entry in `failures()`.
  static std::unique_ptr<Plugins> Load(const Options& options, const Clock& clock, HttpService& http);

  struct Failure {
    std::string file;
    std::string check;
    std::string detail;
  };
  virtual const std::vector<Failure>& failures() const = 0;

  /// Looks at the folders again: new and changed files are loaded beside what was there, and get the attempts from now on; attempts under
  /// way end where they began. Settings stay as they were at the start. Waits until it is done.
  virtual PluginReload Reload() = 0;

  /// Tells every attempt to stop and waits for callbacks under way; after it no OnFinished comes.
  virtual void Stop() = 0;
};

}  // namespace orc
