#include "schedules/scheduled_run.h"

namespace orc {

Result<NewRun> MakeScheduledRun(const ScheduleRow& row, ScheduleDecision& decision, Definitions& definitions, IdSource& ids,
                                bool approve_every_step) {
  ORC_ASSIGN_OR_RETURN(const auto definition, definitions.Get(row.workflow_id, row.workflow_version));
  ORC_ASSIGN_OR_RETURN(Json context, ParseJson(row.context));
  JsonObject labels;
  for (const auto& [name, value] : definition->labels) labels[name] = value;
  NewRun run;
  run.context = std::make_shared<const Json>(std::move(context));
  run.identity.id = ids.New(kRunPrefix);
  run.identity.workflow_id = row.workflow_id;
  run.identity.workflow_version = row.workflow_version;
  run.identity.created_by = "schedule:" + row.name;
  run.identity.labels = PrintJson(Json(std::move(labels)));
  run.identity.approve_every_step = approve_every_step;
  run.identity.schedule_id = row.id;
  run.identity.scheduled_us = decision.begin_us;
  decision.progress.last_run_id = run.identity.id;
  run.schedule = ScheduleAdvance{row.id, row.revision, decision.progress};
  return run;
}

}  // namespace orc
