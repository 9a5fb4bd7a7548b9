// A schedule, and instants to come, as JSON.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "engine/schedule_rows.h"

namespace orc {

void WriteSchedule(JsonWriter& writer, const ScheduleRow& row);

/// The next `count` instants after `after_us`: in UTC, and as the clocks of the zone show them. `{"cron", "timezone", "items": [{"at",
/// "local"}]}`.
std::string RenderPreview(const std::string& cron, const std::string& timezone, const Timetable& timetable, int64_t after_us, int count);

}  // namespace orc
