// Runs that start by themselves: the schedules of the workflows' current versions.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/ids.h"
#include "engine/committer.h"
#include "engine/definitions.h"
#include "engine/engine.h"
#include "engine/notifier.h"
#include "engine/store.h"

namespace orc {

/// Each instant fires once, whatever happens: a run is made in one change with the step of its schedule's row. Owns one thread, which reads
/// what is due soon, at least once a second; what others write to the store it finds by that.
class Schedules {
 public:
  struct Parts {
    const Clock& clock;
    IdSource& ids;
    Store& store;
    Definitions& definitions;
    Engine& engine;
    Committer& committer;
    Notifier& notifier;
  };
  /// Everything must outlive the object, and the engine must have been started. `approve_every_step`: policy.require_approval.
  static std::unique_ptr<Schedules> Start(const Parts& parts, bool approve_every_step);
  virtual ~Schedules() = default;  // stops; to be gone before the engine stops

  /// Looks now, not within a second: the clock was set, or a row was written. Thread-safe.
  virtual void Look() = 0;
};

}  // namespace orc
