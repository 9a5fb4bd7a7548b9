// From decisions to what is written.
#pragma once

#include "engine/store.h"

namespace orc {

/// Adds what `decision` writes, its progress aside; a row that an earlier decision of the same change wrote is replaced. Takes the
/// decision's documents and history; its steps, progress and context stay for Apply.
void AddDecision(const RunIdentity& run, Decision& decision, int64_t now_us, Change& change);

/// The row of a new run as it stands, and its context.
void AddNewRun(const Run& run, Change& change);

}  // namespace orc
