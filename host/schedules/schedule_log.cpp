#include "schedules/schedule_log.h"

#include "base/clock.h"
#include "base/log.h"

namespace orc {

void LogScheduleStep(const ScheduleRow& row, const ScheduleDecision& decision) {
  if (decision.begin_us > 0) {
    LogDebug("schedule: a run began",
             {{"schedule", row.id}, {"name", row.name}, {"for", FormatTime(decision.begin_us)}, {"run", decision.progress.last_run_id}});
  }
  if (decision.skipped_us > 0) {
    LogInfo("schedule: skipped, an earlier run is in the way", {{"schedule", row.id},
                                                                {"name", row.name},
                                                                {"workflow", row.workflow_id},
                                                                {"for", FormatTime(decision.skipped_us)},
                                                                {"skipped", decision.progress.skipped}});
  }
  if (decision.caught_up_us > 0) {
    LogInfo("schedule: catching up", {{"schedule", row.id},
                                      {"name", row.name},
                                      {"workflow", row.workflow_id},
                                      {"catch_up", std::string(ToText(row.catch_up))},
                                      {"from", FormatTime(decision.progress.owed_us)},
                                      {"to", FormatTime(std::max(decision.progress.owed_us, decision.progress.backlog_end_us))}});
  }
  if (decision.missed_from_us > 0) {
    LogWarn("schedule: instants were missed and are not caught up", {{"schedule", row.id},
                                                                     {"name", row.name},
                                                                     {"workflow", row.workflow_id},
                                                                     {"catch_up", std::string(ToText(row.catch_up))},
                                                                     {"first", FormatTime(decision.missed_from_us)},
                                                                     {"last", FormatTime(decision.missed_to_us)}});
  }
}

void LogRefusedRun(const ScheduleRow& row, int64_t instant_us, const std::string& why) {
  LogError("schedule: its run was refused, the instant is skipped",
           {{"schedule", row.id}, {"name", row.name}, {"workflow", row.workflow_id}, {"for", FormatTime(instant_us)}, {"error", why}});
}

}  // namespace orc
