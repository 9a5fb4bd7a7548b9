// The configuration: what the file says, checked, with every default filled in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/server.h"
#include "app/paths.h"
#include "app/substitute.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/engine.h"
#include "hooks/hooks.h"
#include "outbound/http_service.h"
#include "plugin/plugins.h"
#include "secrets/secret_store.h"
#include "store/postgres_store.h"

namespace orc {

struct Config {
  /// Which database holds the state, for messages: without a password.
  std::string StoreName() const { return memory_store ? "memory" : postgres ? postgres->dsn.ToShow() : sqlite_file; }

  std::string file;  // "" when there is none: all defaults
  std::string state_dir;
  // One of these three, by database.dsn.
  std::string sqlite_file;
  bool memory_store = false;
  std::optional<PostgresOptions> postgres;
  int64_t drain_timeout_ms = 10'000;
  LogOptions log;
  Server::Options server;
  Engine::Options engine;
  Plugins::Options plugins;
  EgressPolicy egress;
  size_t max_calls_in_flight = 20'000;
  std::vector<HookTarget> hooks;
  std::string template_file;
  std::string schema_dir;
  std::string workflow_schema_file;
  bool strict = false;
  SecretStore::Places secrets;
  /// What is worth knowing and keeps nothing from working, each as "file:line:column: what": a secret that is not there yet.
  std::vector<std::string> warnings;
  /// Dotted key → value as text, of every key that the file sets: to tell what a reload changes.
  std::map<std::string, std::string> settings;
};

/// Where a configuration comes from and what it is completed with.
struct ConfigSource {
  std::string file;  // "" takes the defaults
  Paths paths;
  Environment environment;
  bool is_root = false;
};

/// Reads and checks. The error's `problems` hold every fault, each as "file:line:column: what, expected"; kNotFound when the file
/// can't be read.
Result<Config> LoadConfig(const ConfigSource& source);

/// The same for text that is already in memory.
Result<Config> ReadConfig(const std::string& text, const ConfigSource& source);

}  // namespace orc
