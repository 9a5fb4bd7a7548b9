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

/// How it begins: RunBegun or RunQueued, and which runs must make way for it.
struct Birth {
  Event event = RunBegun{};
  std::vector<std::string> to_cancel = {};
};

/// `new_run.identity` has its id and time and is admitted. The born slot has no answer yet: who waits is put into its batch. The error: the
/// store could not be read.
Result<BornRun> MakeRun(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us, const Birth& birth, Store& store,
                        Definitions& definitions);

}  // namespace orc
