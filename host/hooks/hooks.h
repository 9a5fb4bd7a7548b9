// Event hooks: run and step events, delivered from the stored history to memarch and audit_log.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/committer.h"
#include "engine/notifier.h"
#include "engine/store.h"
#include "outbound/http_service.h"

namespace orc {

struct HookTarget {
  enum class Shape : uint8_t { kPlain, kMemarch };  // memarch wraps: {project_id, type:"orchestrator", payload}
  std::string name;                                 // "memarch", "audit_log": the cursor's name in the store
  std::string base_url;                             // events are POSTed to {base_url}/v1/events
  Shape shape = Shape::kPlain;
  int64_t timeout_ms = 5'000;
  std::string project_id = "default";                        // of kMemarch
  std::vector<std::pair<std::string, std::string>> headers;  // besides the server's own: credentials, say
  bool verify_tls = true;
  std::string ca_file;  // "" takes the system's
};

/// In order, at least once, retried with backoff, across restarts; never in the way of a run. Owns one thread.
class Hooks {
 public:
  /// What a target refuses for good (400, 413, 415, 422, or a request that can't be sent) is put aside after this many tries, with a line
  /// in the log.
  static constexpr int kMaxRefusals = 5;
  static std::unique_ptr<Hooks> Start(std::vector<HookTarget> targets, const Clock& clock, Store& store, Committer& committer,
                                      Notifier& notifier, HttpService& http);
  virtual ~Hooks() = default;  // stops; what was not delivered is delivered after the next start
};

}  // namespace orc
