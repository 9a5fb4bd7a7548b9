// How schedules become columns, and columns schedules again.
#pragma once

#include "engine/store.h"
#include "store/json_rows.h"
#include "store/row.h"

namespace orc {

/// The row that ends what the workflow no longer has: its id, and a JSON list of the names that stay.
void AppendScheduleDrop(const ScheduleSet& set, JsonRows& rows);
void AppendSchedule(const ScheduleRow& row, JsonRows& rows);
void AppendScheduleAdvance(const ScheduleAdvance& advance, JsonRows& rows);

#define ORC_SCHEDULE_COLUMNS                                                                                                             \
  "id, workflow_id, name, created_us, active, workflow_version, cron, timezone, overlap, catch_up, paused, revision, next_us, owed_us, " \
  "backlog_us, backlog_end_us, last_fired_us, last_run_id, skipped, last_skipped_us, last_missed_us, context"

/// kInternal when a column holds what no release writes.
Result<ScheduleRow> ReadSchedule(const Row& row);

}  // namespace orc
