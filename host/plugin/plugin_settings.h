// What the configuration says of one plugin: `plugins.settings.<name>`, where the name is its file's without .so.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/json.h"

namespace orc {

/// Of a plugin's process. Each counts for one process.
struct ProcessLimits {
  uint64_t memory_bytes = 512u << 20;  // of data and heap; 0: none
  uint64_t open_files = 256;
  int64_t cpu_ms = 0;            // of processor time between two starts of attempts; 0: none
  bool may_use_network = false;  // sockets of its own; HTTP through the host is always there
  bool may_run_programs = false;
};

struct PluginSettings {
  enum class Isolation : uint8_t { kByFolder, kNone, kProcess };
  Isolation isolation = Isolation::kByFolder;
  JsonObject config = {};                          // given to each of its actions
  std::map<std::string, JsonObject> actions = {};  // by action: counts before `config`
  ProcessLimits limits = {};
  int processes = 1;                  // at most, side by side
  int attempts_per_process = 0;       // at once; 0: any number
  int64_t stop_grace_ms = 5'000;      // how long a cancelled attempt may go on before its process is ended
  int64_t restart_delay_ms = 10'000;  // at most, between two starts of a process that crashes
};

/// What an action is made with: `base` (a section of its own, for our actions), then what the settings say.
Json ConfigOf(const std::string& action, const Json& base, const PluginSettings& settings);

}  // namespace orc
