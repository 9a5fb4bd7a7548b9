#include "store/sqlite_conflict.h"

#include <optional>

#include "store/store_errors.h"

namespace orc {
namespace {

/// The number that `sql` finds for the one or two keys; nothing when there is no row (or, here, no answer).
std::optional<int64_t> Look(SqliteSession& session, std::string_view sql, std::string_view key, std::string_view second = {}) {
  SqliteQuery query(session, sql);
  query.Bind(key);
  if (!second.empty()) query.Bind(second);
  Result<bool> row = query.Next();
  if (!row.ok() || !*row) return std::nullopt;
  return query.Int(0);
}

std::optional<Error> FindInWorkflows(SqliteSession& session, const Change& change) {
  constexpr std::string_view kVersion = "SELECT version FROM workflows WHERE id = ?1";
  constexpr std::string_view kLiveOfWorkflow =
      "SELECT 1 FROM runs WHERE workflow_id = ?1 AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')";
  constexpr std::string_view kOtherOfKey = "SELECT 1 FROM workflows WHERE key = ?1 AND key <> '' AND id <> ?2";
  for (const WorkflowRow& row : change.new_workflows) {
    if (Look(session, kVersion, row.id)) return IdTaken("workflow", row.id);
    if (Look(session, kOtherOfKey, row.key, row.id)) return KeyTaken(row.key);
  }
  for (const WorkflowUpdate& update : change.workflow_updates) {
    std::optional<int64_t> version = Look(session, kVersion, update.row.id);
    if (!version) return NoSuch("workflow", update.row.id);
    if (update.expected_version != 0 && *version != update.expected_version) return WorkflowMoved(update, static_cast<int32_t>(*version));
    if (Look(session, kOtherOfKey, update.row.key, update.row.id)) return KeyTaken(update.row.key);
    if (update.only_if_idle && Look(session, kLiveOfWorkflow, update.row.id)) return WorkflowIsBusy(update.row.id);
  }
  for (const VersionRow& row : change.new_versions) {
    if (Look(session, "SELECT 1 FROM workflow_versions WHERE workflow_id = ?1 AND version = CAST(?2 AS INTEGER)", row.workflow_id,
             std::to_string(row.version))) {
      return VersionTaken(row.workflow_id, row.version);
    }
    if (Look(session, "SELECT 1 FROM workflow_versions WHERE id = ?1", row.id)) return IdTaken("version", row.id);
  }
  return std::nullopt;
}

std::optional<Error> FindInTemplates(SqliteSession& session, const Change& change) {
  constexpr std::string_view kTemplate = "SELECT 1 FROM templates WHERE id = ?1";
  for (const TemplateRow& row : change.new_templates) {
    if (Look(session, kTemplate, row.id)) return IdTaken("template", row.id);
  }
  for (const TemplateRow& row : change.template_updates) {
    if (!Look(session, kTemplate, row.id)) return NoSuch("template", row.id);
  }
  return std::nullopt;
}

std::optional<Error> FindInRuns(SqliteSession& session, const Change& change) {
  constexpr std::string_view kRevision = "SELECT revision FROM runs WHERE id = ?1";
  for (const Run& run : change.new_runs) {
    if (Look(session, kRevision, run.identity.id)) return IdTaken("run", run.identity.id);
    if (Look(session, "SELECT 1 FROM workflows WHERE id = ?1 AND archived", run.identity.workflow_id)) {
      return WorkflowIsArchived(run.identity.workflow_id);
    }
  }
  for (const RunUpdate& update : change.run_updates) {
    std::optional<int64_t> revision = Look(session, kRevision, update.id);
    if (revision != update.expected_revision) return RunMoved(update, revision);
  }
  for (const std::string& id : change.deleted_runs) {
    SqliteQuery query(session, "SELECT status FROM runs WHERE id = ?1 AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')");
    const Result<bool> is_live = query.Bind(id).Next();
    if (is_live.ok() && *is_live) return RunIsLive(id, query.View(0));
  }
  for (const IdempotencyRow& row : change.idempotency) {
    if (Look(session, "SELECT 1 FROM idempotency_keys WHERE scope = ?1 AND key = ?2", row.scope, row.key)) {
      return IdempotencyKeyTaken(row.scope, row.key);
    }
  }
  return std::nullopt;
}

std::optional<Error> FindInSchedules(SqliteSession& session, const Change& change) {
  for (const SchedulePause& pause : change.schedule_pauses) {
    if (!Look(session, "SELECT 1 FROM schedules WHERE id = ?1", pause.id)) return NoSuch("schedule", pause.id);
  }
  for (const ScheduleAdvance& advance : change.schedule_advances) {
    const auto revision = Look(session, "SELECT revision FROM schedules WHERE id = ?1", advance.id);
    if (revision != advance.expected_revision) return ScheduleMoved(advance, revision);
  }
  return std::nullopt;
}

}  // namespace

Error NameConflict(SqliteSession& session, std::span<const Change* const> changes, const Error& found) {
  for (const Change* change : changes) {
    for (auto find : {FindInWorkflows, FindInTemplates, FindInRuns, FindInSchedules}) {
      if (std::optional<Error> error = find(session, *change)) return *error;
    }
  }
  return found;
}

}  // namespace orc
