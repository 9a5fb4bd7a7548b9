// A run at its birth: made, and its beginning decided, before anyone else knows of it.
#pragma once

#include <memory>

#include "engine/run_slot.h"
#include "engine/store.h"

namespace orc {

struct BornRun {
  std::unique_ptr<RunSlot> slot;  // as it will be once `change` is on the disk
  Change change;                  // the run, its first decision, its idempotency row and the step of its schedule
};

/// `new_run.identity` has its id and time. `done` is answered with the run as this makes it.
BornRun MakeRun(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us, Engine::Done done);

}  // namespace orc
