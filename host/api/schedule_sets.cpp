#include "api/schedule_sets.h"

namespace orc {

Result<ScheduleSet> MakeScheduleSet(const ApiParts& parts, const WorkflowRow& row, const Definition& definition) {
  ScheduleSet set{row.id, {}};
  std::vector<Problem> problems;
  for (size_t i = 0; i < definition.schedules.size(); ++i) {
    const ScheduleDefinition& schedule = definition.schedules[i];
    const auto timetable = Timetable::Make(schedule.cron, schedule.timezone);
    if (!timetable.ok()) {
      problems.push_back({Pointer("/schedules", i), timetable.error().message});
      continue;
    }
    ScheduleRow made;
    made.id = parts.ids.New(kSchedulePrefix);
    made.workflow_id = row.id;
    made.name = schedule.name;
    made.created_us = row.updated_us;
    made.workflow_version = row.version;
    made.cron = schedule.cron;
    made.timezone = schedule.timezone;
    made.overlap = schedule.overlap;
    made.catch_up = schedule.catch_up;
    made.context = PrintJson(schedule.context);
    made.paused = schedule.paused;
    made.progress.next_us = timetable->NextUs(row.updated_us).value_or(0);
    set.rows.push_back(std::move(made));
  }
  if (problems.empty()) return set;
  const std::string message = "the version has a schedule that cannot be computed: " + problems.front().detail;
  return Error{ErrorCode::kInvalid, message, std::move(problems)};
}

}  // namespace orc
