// What actions exist: the port through which the definition check, the API and the engine see the plugins.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_schema.h"

namespace orc {

/// What is known of a loaded action. Immutable once published.
struct ActionInfo {
  std::string name;     // "web.search"
  std::string version;  // of the action
  std::string summary;
  std::string plugin_name;  // empty for a built-in
  std::string plugin_version;
  std::string plugin_file;         // path of the .so
  std::string plugin_digest;       // "sha256:…" of that file
  bool is_third_party = false;     // its file lies outside of the server's own folder
  bool is_isolated = false;        // it runs in a process of its own
  bool idempotent = false;         // a repeated call does no harm even without its key
  std::string config_schema_text;  // JSON; "" means none
  std::string input_schema_text;
  std::string output_schema_text;
  std::shared_ptr<const JsonSchema> input_schema;  // null: any object
};

/// Thread-safe; the set of actions may grow or be replaced while the server runs.
class ActionCatalog {
 public:
  virtual ~ActionCatalog() = default;
  /// Null when no such action is loaded.
  virtual std::shared_ptr<const ActionInfo> Find(std::string_view name) const = 0;
  /// All of them, by name.
  virtual std::vector<std::shared_ptr<const ActionInfo>> List() const = 0;
};

/// What a reload of the plugins did, by the names of their files.
struct PluginReload {
  std::vector<std::string> loaded = {};   // new, or another file than before
  std::vector<std::string> kept = {};     // the same file as before
  std::vector<std::string> removed = {};  // no longer there: attempts under way end, new ones are unknown_action
  std::vector<std::string> failed = {};   // "file: check: what was found"; where there was one before, it stays
};

/// `transform` and `condition`: the actions that the decision core carries out itself. Their schemas are part of the host.
const std::vector<std::shared_ptr<const ActionInfo>>& BuiltInActions();
bool IsBuiltInAction(std::string_view name);

}  // namespace orc
