// The port through which attempts are carried out: plugins stand behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/event.h"
#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// Everything an action is told of one try.
struct AttemptOrder {
  AttemptKey key;
  std::string workflow_id;
  std::shared_ptr<const Definition> definition;  // key.step indexes it
  std::string input;                             // JSON text, filled in
  std::string idempotency_key;
  int64_t timeout_ms = 0;  // of this try; 0: none but the action's own
};

/// Where attempts report to. Any thread; never blocks; unknown or late keys do no harm.
class AttemptSink {
 public:
  virtual ~AttemptSink() = default;
  virtual void OnFinished(AttemptFinished result) = 0;
  /// A line (or several: split at line breaks by the reader, kept as one) for the run's log.
  virtual void OnLog(const AttemptKey& key, const std::string& action, std::string level, std::string text) = 0;
};

/// Thread-safe. Start never waits for the action; every started attempt gets exactly one OnFinished, also when it was cancelled.
class ActionRunner {
 public:
  virtual ~ActionRunner() = default;
  /// `sink` must stay until the runner has stopped.
  virtual void Bind(AttemptSink& sink) = 0;
  virtual void Start(AttemptOrder order) = 0;
  /// Tells the attempt to stop. Its completion, if any, is ignored by the decision core.
  virtual void Cancel(const AttemptKey& key) = 0;
  /// Attempts under way now.
  virtual size_t InFlight() const = 0;
};

}  // namespace orc
