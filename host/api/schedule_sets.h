// The schedules that a version of a workflow has: what is written with it.
#pragma once

#include "api/server.h"
#include "engine/store.h"
#include "workflow/definition.h"

namespace orc {

/// Of `row` as it will be, at its `updated_us`. kInvalid when this system can't tell when one of them is due (a zone that it lost).
Result<ScheduleSet> MakeScheduleSet(const ApiParts& parts, const WorkflowRow& row, const Definition& definition);

}  // namespace orc
