#include "api/answers.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/render_schedule.h"
#include "api/workflow_lookup.h"

namespace orc {
namespace {

Result<ScheduleRow> Find(const Call& call) {
  const std::string& id = call.params[0];
  auto row = call.parts().store.GetSchedule(id);
  if (row.ok() || row.error().code != ErrorCode::kNotFound) return row;
  return Error{ErrorCode::kNotFound, "there is no schedule \"" + id + "\""};
}

std::string Render(const ScheduleRow& row) {
  JsonWriter writer;
  WriteSchedule(writer, row);
  return std::move(writer).text();
}

Answer Pause(Call& call, bool paused) {
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return std::move(*verdict.replay);
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  ORC_ASSIGN_OR_RETURN(ScheduleRow row, Find(call));
  if (!row.active) {
    return Error{ErrorCode::kConflict, "the current version of workflow " + row.workflow_id + " has no schedule \"" + row.name + "\""};
  }
  ORC_ASSIGN_OR_RETURN(const Timetable timetable, Timetable::Make(row.cron, row.timezone));
  SchedulePause pause{row.id, paused, timetable.NextUs(call.parts().clock.NowUs()).value_or(0)};
  if (row.paused && !paused) row.progress.next_us = pause.next_us;
  if (paused) row.progress.owed_us = row.progress.backlog_us = row.progress.backlog_end_us = 0;
  row.paused = paused;
  Write write;
  write.answer = JsonResponse(202, Render(row));
  write.claim = std::move(verdict.claim);
  write.change.schedule_pauses.push_back(std::move(pause));
  return CommitThenSend(call, std::move(write));
}

}  // namespace

Answer ListSchedules(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  std::string workflow_id;
  if (const std::string* id = call.query.Find("workflow_id")) {
    // A key is taken too; of an unknown one there are no schedules.
    const auto workflow = FindWorkflow(call.parts(), *id);
    if (!workflow.ok() && workflow.error().code != ErrorCode::kNotFound) return workflow.error();
    workflow_id = workflow.ok() ? workflow->id : *id;
    if (workflow_id.empty()) return ListWriter().Finish("");
  }
  ORC_ASSIGN_OR_RETURN(const PageOf<ScheduleRow> rows, call.parts().store.ListSchedules(workflow_id, page));
  ListWriter list;
  for (const ScheduleRow& row : rows.items) WriteSchedule(list.items(), row);
  return list.Finish(rows.next_cursor);
}

Answer GetSchedule(Call& call) {
  ORC_ASSIGN_OR_RETURN(const ScheduleRow row, Find(call));
  return JsonResponse(200, Render(row));
}

Answer PreviewSchedule(Call& call) {
  ORC_ASSIGN_OR_RETURN(const int count, ReadCount(call.query));
  ORC_ASSIGN_OR_RETURN(const ScheduleRow row, Find(call));
  ORC_ASSIGN_OR_RETURN(const Timetable timetable, Timetable::Make(row.cron, row.timezone));
  return JsonResponse(200, RenderPreview(row.cron, row.timezone, timetable, call.parts().clock.NowUs(), count));
}

Answer PreviewCron(Call& call) {
  ORC_ASSIGN_OR_RETURN(const int count, ReadCount(call.query));
  const std::string* cron = call.query.Find("cron");
  const std::string* timezone = call.query.Find("timezone");
  if (cron == nullptr) {
    return Error{ErrorCode::kUnreadable, "query parameter \"cron\" is missing, expected a cron expression such as 0 9 * * MON-FRI"};
  }
  std::string zone = timezone == nullptr ? "UTC" : *timezone;
  if (zone.starts_with(' ')) zone.front() = '+';  // what a query makes of the "+" of an offset that was not encoded
  const auto timetable = Timetable::Make(*cron, zone);
  if (!timetable.ok()) return Error{ErrorCode::kUnreadable, "query parameters \"cron\" and \"timezone\": " + timetable.error().message};
  return JsonResponse(200, RenderPreview(*cron, zone, *timetable, call.parts().clock.NowUs(), count));
}

Answer PauseSchedule(Call& call) { return Pause(call, true); }

Answer ResumeSchedule(Call& call) { return Pause(call, false); }

}  // namespace orc
