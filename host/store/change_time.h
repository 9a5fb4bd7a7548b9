// Since when a step is in its new status.
#pragma once

#include "engine/store.h"

namespace orc {

/// When `change` happens to the step's run (the new updated_us), or the step's own start when the change leaves the run alone.
int64_t ChangeTimeOf(const Change& change, const StepRow& row);

}  // namespace orc
