// What the log says of a schedule's steps.
#pragma once

#include <string>

#include "engine/schedule_rows.h"
#include "schedules/schedule_decision.h"

namespace orc {

/// Of a step that is on the disk.
void LogScheduleStep(const ScheduleRow& row, const ScheduleDecision& decision);
/// Of an instant whose run was refused for good.
void LogRefusedRun(const ScheduleRow& row, int64_t instant_us, const std::string& why);

}  // namespace orc
