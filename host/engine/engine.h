// The loop: events in, decisions committed, and only then carried out.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "engine/action_runner.h"
#include "engine/committer.h"
#include "engine/definitions.h"
#include "engine/event.h"
#include "engine/notifier.h"
#include "engine/store.h"

namespace orc {

struct NewRun {
  RunIdentity identity;                       // id and created_us are filled in when empty
  std::shared_ptr<const Json> context;        // an object
  std::optional<IdempotencyRow> idempotency;  // stored with the run; its body is made by `render`
  /// Makes the first answer's body of the run as it will be committed: it goes into the idempotency row.
  std::function<std::string(const Run&, const Definition&)> render;
  std::optional<ScheduleAdvance> schedule;  // of the schedule that starts it: written with the run, or the run is not made
};

/// A run as just committed, with its definition: what an answer is made of.
struct RunSnapshot {
  std::shared_ptr<const Run> run;
  std::shared_ptr<const Definition> definition;
};

/// Runs are sharded by id over a few decision loops (a thread each); all share one committer. All calls are thread-safe and
/// return at once; `done` is called exactly once: from an engine thread after the outcome is on the disk, or, for what is refused at
/// once, by the caller's thread before the call returns. It must not block.
class Engine {
 public:
  struct Options {
    int loops = 1;
    size_t max_active_runs = 20'000;        // beyond it new runs are refused with kUnavailable
    size_t output_cache_bytes = 32u << 20;  // parsed outputs, per loop
    int64_t cancel_grace_ms = 10'000;       // how long a cancelled attempt may take to stop
  };
  using Done = std::function<void(Result<RunSnapshot>)>;

  static std::unique_ptr<Engine> Make(const Options& options, const Clock& clock, IdSource& ids, Store& store, Definitions& definitions,
                                      ActionRunner& runner, Committer& committer, Notifier& notifier);
  virtual ~Engine() = default;

  /// Starts the loops and recovery: every live run goes on from where the disk says it was. The committer must run already. Until then
  /// everything is refused with kUnavailable.
  virtual Result<void> Start() = 0;
  /// Takes no new runs; waits until attempts under way ended or `deadline_us` (steady) came; then stops the loops. What was not
  /// finished is on the disk and goes on at the next start. To be called before the committer stops. The engine must outlive the runner's
  /// last call, and the committer's.
  virtual void Stop(int64_t deadline_us) = 0;

  virtual void CreateRun(NewRun new_run, Done done) = 0;
  /// Any event that a client causes: GateDecided, CancelRequested, RetryRequested. kNotFound, or kConflict as Decide says. What changes
  /// the run is written together with `remembered`, the key under which the client sent it.
  virtual void Submit(const std::string& run_id, Event event, std::optional<IdempotencyRow> remembered, Done done) = 0;

  struct Stats {
    size_t active_runs = 0;  // loaded in memory
    size_t timers = 0;
  };
  virtual Stats GetStats() const = 0;
};

}  // namespace orc
