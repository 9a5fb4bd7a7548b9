#include "store/name_conflict.h"

#include "store/store_errors.h"

namespace orc {
namespace {

bool IsMissing(const Error& error) { return error.code == ErrorCode::kNotFound; }

std::optional<Error> FindKeyTaken(Store& store, const WorkflowRow& row) {
  if (row.key.empty()) return std::nullopt;
  const Result<WorkflowRow> other = store.GetWorkflowByKey(row.key);
  return other.ok() && other->id != row.id ? std::optional(KeyTaken(row.key)) : std::nullopt;
}

std::optional<Error> FindInWorkflows(Store& store, const Change& change) {
  for (const WorkflowRow& row : change.new_workflows) {
    if (store.GetWorkflow(row.id).ok()) return IdTaken("workflow", row.id);
    if (auto taken = FindKeyTaken(store, row)) return taken;
  }
  for (const WorkflowUpdate& update : change.workflow_updates) {
    const Result<WorkflowRow> stored = store.GetWorkflow(update.row.id);
    if (!stored.ok()) return stored.error();
    if (update.expected_version != 0 && stored->version != update.expected_version) return WorkflowMoved(update, stored->version);
    if (auto taken = FindKeyTaken(store, update.row)) return taken;
    const Result<int64_t> live = update.only_if_idle ? store.CountLiveRuns(update.row.id) : Result<int64_t>(0);
    if (live.ok() && *live > 0) return WorkflowIsBusy(update.row.id);
  }
  for (const VersionRow& row : change.new_versions) {
    if (store.GetVersion(row.workflow_id, row.version).ok()) return VersionTaken(row.workflow_id, row.version);
  }
  return std::nullopt;
}

std::optional<Error> FindInTemplates(Store& store, const Change& change) {
  for (const TemplateRow& row : change.new_templates) {
    if (store.GetTemplate(row.id).ok()) return IdTaken("template", row.id);
  }
  for (const TemplateRow& row : change.template_updates) {
    const Result<TemplateRow> stored = store.GetTemplate(row.id);
    if (!stored.ok()) return stored.error();
  }
  return std::nullopt;
}

std::optional<Error> FindInRuns(Store& store, const Change& change) {
  for (const Run& run : change.new_runs) {
    if (store.GetRunProgress(run.identity.id).ok()) return IdTaken("run", run.identity.id);
    const Result<WorkflowRow> workflow = store.GetWorkflow(run.identity.workflow_id);
    if (workflow.ok() && workflow->archived) return WorkflowIsArchived(run.identity.workflow_id);
  }
  for (const RunUpdate& update : change.run_updates) {
    const Result<RunProgress> stored = store.GetRunProgress(update.id);
    if (!stored.ok()) return IsMissing(stored.error()) ? RunMoved(update, std::nullopt) : stored.error();
    if (stored->revision != update.expected_revision) return RunMoved(update, stored->revision);
  }
  for (const std::string& id : change.deleted_runs) {
    const Result<RunProgress> stored = store.GetRunProgress(id);
    if (stored.ok() && !IsTerminal(stored->status)) return RunIsLive(id, ToText(stored->status));
  }
  for (const IdempotencyRow& row : change.idempotency) {
    const auto stored = store.FindIdempotency(row.scope, row.key);
    if (stored.ok() && *stored) return IdempotencyKeyTaken(row.scope, row.key);
  }
  return std::nullopt;
}

std::optional<Error> FindInSchedules(Store& store, const Change& change) {
  for (const SchedulePause& pause : change.schedule_pauses) {
    const Result<ScheduleRow> stored = store.GetSchedule(pause.id);
    if (!stored.ok()) return stored.error();
  }
  for (const ScheduleAdvance& advance : change.schedule_advances) {
    const Result<ScheduleRow> stored = store.GetSchedule(advance.id);
    if (!stored.ok()) return IsMissing(stored.error()) ? ScheduleMoved(advance, std::nullopt) : stored.error();
    if (stored->revision != advance.expected_revision) return ScheduleMoved(advance, stored->revision);
  }
  return std::nullopt;
}

}  // namespace

Error NameConflict(Store& store, std::span<const Change* const> changes, const Error& found) {
  for (const Change* change : changes) {
    for (auto find : {FindInWorkflows, FindInTemplates, FindInRuns, FindInSchedules}) {
      std::optional<Error> error = find(store, *change);
      if (error) return *std::move(error);
    }
  }
  return found;
}

}  // namespace orc
