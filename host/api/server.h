// The HTTP server: a reactor that reads whole requests with deadlines, a few workers that answer, and SSE without threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "engine/committer.h"
#include "engine/definitions.h"
#include "engine/engine.h"
#include "engine/notifier.h"
#include "engine/store.h"
#include "workflow/action_catalog.h"
#include "workflow/check.h"

namespace orc {

/// What handlers work with. All outlive the server.
struct ApiParts {
  const Clock& clock;
  IdSource& ids;
  Store& store;
  Definitions& definitions;
  Engine& engine;
  Committer& committer;
  Notifier& notifier;
  const ActionCatalog& catalog;
  const DefinitionChecker& checker;
  std::function<PluginReload()> reload_plugins = {};  // waits until it is done
};

class Server {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    uint16_t port = 8100;  // 0: any free one
    int workers = 4;
    size_t max_body_bytes = 1u << 20;
    size_t max_headers = 100;
    size_t max_head_bytes = 32u << 10;
    size_t max_connections = 20'000;
    size_t max_unread_bytes = 256u << 20;  // of answers that clients do not read, together; beyond it the next ones are cut off
    size_t max_queued_requests = 2'000;    // beyond it: 503 with Retry-After
    int64_t head_timeout_ms = 10'000;
    int64_t body_timeout_ms = 30'000;
    int64_t idle_timeout_ms = 75'000;
    int64_t write_stall_ms = 60'000;  // a client that takes nothing for so long, or a stream that stays over half behind, is cut off
    int64_t sse_keepalive_ms = 15'000;
    size_t sse_buffer_bytes = 256u << 10;    // a reader further behind is cut off
    bool require_approval = false;           // policy.require_approval
    size_t inline_output_bytes = 64u << 10;  // a longer output is a link in a run's answer
  };
  /// Binds and listens; kUnavailable says which address and why.
  static Result<std::unique_ptr<Server>> Listen(const Options& options, const ApiParts& parts);
  virtual ~Server() = default;  // stops

  virtual uint16_t port() const = 0;
  /// /readyz answers 503 while false (starting, draining).
  virtual void SetReady(bool ready) = 0;
  /// Stops accepting; answers under way are finished until `deadline_us` (steady); streams end.
  virtual void Stop(int64_t deadline_us) = 0;
};

}  // namespace orc
