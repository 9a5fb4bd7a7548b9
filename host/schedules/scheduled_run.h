// The run that a schedule starts.
#pragma once

#include "engine/engine.h"
#include "schedules/schedule_decision.h"

namespace orc {

/// For `decision.begin_us`, with the step of the row; `decision.progress` gets the run's id. kUnavailable; kNotFound, kInvalid when what is
/// stored does not make a run.
Result<NewRun> MakeScheduledRun(const ScheduleRow& row, ScheduleDecision& decision, Definitions& definitions, IdSource& ids,
                                bool approve_every_step);

}  // namespace orc
