// `schedules` of a workflow: from JSON.
#pragma once

#include <vector>

#include "base/json.h"
#include "workflow/schedule.h"

namespace orc {

/// What does not fit goes to `problems`. Zones are not looked up: a definition that is stored must be read on a system that lost one, too.
std::vector<ScheduleDefinition> ParseSchedules(const Json& document, std::vector<Problem>& problems);

}  // namespace orc
