// Every handler of the API, by resource. A handler runs on a worker, reads the store, and never waits: what must first be
// written or must first happen is a Pending.
#pragma once

#include "api/context.h"

namespace orc {

// health.cpp
/// The answer to /healthz, or null for any other request: given by the reactor itself, so that no load stops it.
const Response* QuickAnswer(const Request& request);
Answer GetHealth(Call& call);
Answer GetReadiness(Call& call);
Answer GetRoot(Call& call);

// workflows.cpp
Answer ListWorkflows(Call& call);
Answer CreateWorkflow(Call& call);
Answer GetWorkflow(Call& call);
Answer ReplaceWorkflow(Call& call);
Answer ArchiveWorkflow(Call& call);
Answer ValidateWorkflow(Call& call);

// versions.cpp
Answer ListVersions(Call& call);
Answer GetVersion(Call& call);
Answer RollBackWorkflow(Call& call);

// templates.cpp
Answer ListTemplates(Call& call);
Answer GetTemplate(Call& call);
Answer CreateTemplate(Call& call);
Answer ReplaceTemplate(Call& call);
Answer DeleteTemplate(Call& call);

// runs.cpp
Answer ListRuns(Call& call);
Answer GetRun(Call& call);
Answer DeleteRun(Call& call);
// run_creation.cpp
Answer CreateRun(Call& call);
// run_decisions.cpp
Answer ApproveRun(Call& call);
Answer RejectRun(Call& call);
Answer CancelRun(Call& call);
Answer RetryRun(Call& call);
Answer PauseRun(Call& call);
Answer ResumeRun(Call& call);
Answer SignalRun(Call& call);
// run_steps.cpp
Answer ListSteps(Call& call);
Answer GetStepOutput(Call& call);

// schedules.cpp
Answer ListSchedules(Call& call);
Answer GetSchedule(Call& call);
Answer PreviewSchedule(Call& call);
Answer PreviewCron(Call& call);
Answer PauseSchedule(Call& call);
Answer ResumeSchedule(Call& call);

// plugins.cpp
Answer ReloadPlugins(Call& call);

// logs.cpp
Answer ListLogs(Call& call);
Answer AppendLog(Call& call);
Answer StreamLogs(Call& call);

// events.cpp
Answer ListEvents(Call& call);
Answer StreamRunEvents(Call& call);
Answer StreamAllEvents(Call& call);

// approvals.cpp, actions.cpp
Answer ListApprovals(Call& call);
Answer ListActions(Call& call);
Answer GetAction(Call& call);

}  // namespace orc
