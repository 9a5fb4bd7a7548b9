// The schedules of the memory store.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/memory_tables.h"

namespace orc {

/// Sets, pauses and advances of the change; on an error `undo` takes back what was done.
Result<void> ApplySchedules(const Change& change, MemoryTables& tables, UndoLog& undo);

// The reads of the Store by these names.
Result<ScheduleRow> FindSchedule(const MemoryTables& tables, const std::string& id);
Result<PageOf<ScheduleRow>> PageOfSchedules(const MemoryTables& tables, const std::string& workflow_id, const Page& page);
std::vector<ScheduleRow> DueSchedules(const MemoryTables& tables, int64_t until_us, int limit);
std::vector<ScheduleRow> OwingSchedules(const MemoryTables& tables, const std::string& after_id, int limit);
std::vector<std::pair<std::string, RunStatus>> LiveRunsOfSchedule(const MemoryTables& tables, const std::string& schedule_id, int limit);

}  // namespace orc
