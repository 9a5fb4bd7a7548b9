// What handlers work with, and what they answer.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "api/completion.h"
#include "api/idempotency.h"
#include "api/run_waits.h"
#include "api/server.h"
#include "api/sse_hub.h"
#include "api/target.h"
#include "api/workers.h"

namespace orc {

/// Shared by the server and by whoever still has an answer to give: a commit may end after the server has stopped.
struct Context {
  Context(const Server::Options& o, const ApiParts& p)
      : options(o),
        parts(p),
        mailbox(std::make_shared<Mailbox>()),
        workers(o.workers, o.max_queued_requests),
        streams(p.store, p.definitions, workers, mailbox, o.sse_buffer_bytes),
        idempotency(p.store, p.committer, p.clock) {}

  const Server::Options options;
  const ApiParts parts;
  const std::shared_ptr<Mailbox> mailbox;
  Workers workers;
  RunWaits waits;
  SseHub streams;
  IdempotencyKeys idempotency;
  std::atomic<bool> is_ready{false};
};
using ContextPtr = std::shared_ptr<Context>;

/// One request on its way through a handler.
struct Call {
  ContextPtr context;
  CompletionPtr completion;
  Query query;
  std::vector<std::string> params;  // what stands for the {…} of the route's pattern, decoded

  const Request& request() const { return completion->request(); }
  const ApiParts& parts() const { return context->parts; }
};

/// Somebody will call `Completion::Send` later. `on_end` is run by a worker when the time is up, the client is gone or the server
/// stops: it lets go of the completion, and answers if there is still something to say.
struct Pending {
  int64_t deadline_us = 0;  // steady; 0: none
  std::function<void()> on_end = {};
};

/// The connection becomes an event stream from the row after `position` on.
struct StreamStart {
  SseTopicKey key;
  int64_t position = 0;
};

using Answer = std::variant<Response, Error, Pending, StreamStart>;

}  // namespace orc
