#include "api/routes.h"

#include "api/handlers.h"

namespace orc {
namespace {

using enum Method;
using enum BodyKind;

// Words before {…}: the first that fits is taken.
constexpr Route kRoutes[] = {
    {kGet, "/", kNone, GetRoot, kAnyQuery},
    {kGet, "/healthz", kNone, GetHealth, kAnyQuery},
    {kGet, "/readyz", kNone, GetReadiness, kAnyQuery},

    {kPost, "/v1/workflows/validate", kJson, ValidateWorkflow},
    {kGet, "/v1/workflows", kNone, ListWorkflows, "archived limit cursor"},
    {kPost, "/v1/workflows", kJson, CreateWorkflow},
    {kGet, "/v1/workflows/{id}", kNone, GetWorkflow},
    {kPut, "/v1/workflows/{id}", kJson, ReplaceWorkflow},
    {kDelete, "/v1/workflows/{id}", kNone, ArchiveWorkflow, "force"},
    {kGet, "/v1/workflows/{id}/versions", kNone, ListVersions, "limit cursor"},
    {kGet, "/v1/workflows/{id}/versions/{n}", kNone, GetVersion},
    {kPost, "/v1/workflows/{id}/rollback", kJson, RollBackWorkflow},

    {kGet, "/v1/templates", kNone, ListTemplates, "limit cursor"},
    {kPost, "/v1/templates", kJson, CreateTemplate},
    {kGet, "/v1/templates/{id}", kNone, GetTemplate},
    {kPut, "/v1/templates/{id}", kJson, ReplaceTemplate},
    {kDelete, "/v1/templates/{id}", kNone, DeleteTemplate},

    {kGet, "/v1/runs", kNone, ListRuns, "status workflow_id schedule_id label created_after created_before limit cursor"},
    {kPost, "/v1/runs", kJson, CreateRun, "wait"},
    {kGet, "/v1/runs/{id}", kNone, GetRun, "wait"},
    {kDelete, "/v1/runs/{id}", kNone, DeleteRun},
    {kPost, "/v1/runs/{id}/approve", kOptionalJson, ApproveRun},
    {kPost, "/v1/runs/{id}/reject", kOptionalJson, RejectRun},
    {kPost, "/v1/runs/{id}/cancel", kOptionalJson, CancelRun, "force"},
    {kPost, "/v1/runs/{id}/retry", kOptionalJson, RetryRun},
    {kPost, "/v1/runs/{id}/pause", kOptionalJson, PauseRun},
    {kPost, "/v1/runs/{id}/resume", kOptionalJson, ResumeRun},
    {kPost, "/v1/runs/{id}/signals/{name}", kOptionalJson, SignalRun},
    {kGet, "/v1/runs/{id}/steps", kNone, ListSteps, "parent limit cursor"},
    {kGet, "/v1/runs/{id}/steps/{step}/output", kNone, GetStepOutput},
    {kGet, "/v1/runs/{id}/logs", kNone, ListLogs, "format after limit cursor"},
    {kPost, "/v1/runs/{id}/logs", kAny, AppendLog},
    {kGet, "/v1/runs/{id}/logs/stream", kNone, StreamLogs, "format last_event_id"},
    {kGet, "/v1/runs/{id}/events", kNone, ListEvents, "after limit cursor"},
    {kGet, "/v1/runs/{id}/events/stream", kNone, StreamRunEvents, "last_event_id"},
    {kGet, "/v1/events/stream", kNone, StreamAllEvents, "last_event_id"},

    {kGet, "/v1/schedules", kNone, ListSchedules, "workflow_id limit cursor"},
    {kGet, "/v1/schedules/preview", kNone, PreviewCron, "cron timezone count"},
    {kGet, "/v1/schedules/{id}", kNone, GetSchedule},
    {kGet, "/v1/schedules/{id}/preview", kNone, PreviewSchedule, "count"},
    {kPost, "/v1/schedules/{id}/pause", kOptionalJson, PauseSchedule},
    {kPost, "/v1/schedules/{id}/resume", kOptionalJson, ResumeSchedule},

    {kGet, "/v1/approvals", kNone, ListApprovals, "limit cursor"},
    {kGet, "/v1/actions", kNone, ListActions, "limit cursor"},
    {kGet, "/v1/actions/{name}", kNone, GetAction},
    {kPost, "/v1/plugins/reload", kOptionalJson, ReloadPlugins},
};

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

}  // namespace orc
