#include <algorithm>

#include "base/json.h"
#include "store/change_time.h"
#include "store/memory_schedules.h"
#include "store/memory_tables.h"
#include "store/store_errors.h"

namespace orc {
namespace {

/// What a database would make of the text, too.
void Mend(std::string& text) { text = ToStorableText(text); }

/// One change on its way into the tables. Each step answers for one kind of rows.
class Application {
 public:
  Application(const Change& change, MemoryTables& tables, UndoLog& undo) : change_(change), tables_(tables), undo_(undo) {}

  Result<void> Workflows();
  Result<void> Versions();
  Result<void> Templates();
  Result<void> Runs();
  void ClearSteps();
  void Steps();
  void Documents();
  void Events();
  void Logs();
  Result<void> Idempotency();
  void Mail();
  void HookCursors();
  Result<void> DeleteRuns();

 private:
  Result<void> PutWorkflow(WorkflowRow row, const WorkflowRow* old);
  template <typename Map>
  void EraseOfRun(Map& map, const typename Map::key_type& first, const std::string& run_id);
  template <typename Map>
  void EraseRows(Map& rows, std::map<MemoryTables::RowKey, bool>& index, const std::string& run_id, int64_t up_to = INT64_MAX);
  /// The event that the last of the hooks has come to.
  int64_t DeliveredTo() const;

  const Change& change_;
  MemoryTables& tables_;
  UndoLog& undo_;
};

Result<void> Application::PutWorkflow(WorkflowRow row, const WorkflowRow* old) {
  Mend(row.name);
  Mend(row.description);
  if (!old || old->key != row.key) {
    if (!row.key.empty() && tables_.workflow_keys.contains(row.key)) return KeyTaken(row.key);
    if (old && !old->key.empty()) undo_.Erase(tables_.workflow_keys, tables_.workflow_keys.find(old->key));
    if (!row.key.empty()) undo_.Put(tables_.workflow_keys, row.key, row.id);
  }
  std::string id = row.id;
  undo_.Put(tables_.workflows, id, std::move(row));
  return {};
}

Result<void> Application::Workflows() {
  for (const WorkflowRow& row : change_.new_workflows) {
    if (tables_.workflows.contains(row.id)) return IdTaken("workflow", row.id);
    ORC_RETURN_IF_ERROR(PutWorkflow(row, nullptr));
  }
  for (const WorkflowUpdate& update : change_.workflow_updates) {
    auto found = tables_.workflows.find(update.row.id);
    if (found == tables_.workflows.end()) return NoSuch("workflow", update.row.id);
    if (update.expected_version != 0 && found->second.version != update.expected_version) {
      return WorkflowMoved(update, found->second.version);
    }
    const bool is_busy = update.only_if_idle && std::any_of(tables_.runs.begin(), tables_.runs.end(), [&](const auto& entry) {
                           return entry.second.identity.workflow_id == update.row.id && !IsTerminal(entry.second.progress.status);
                         });
    if (is_busy) return WorkflowIsBusy(update.row.id);
    WorkflowRow old = found->second;
    WorkflowRow row = update.row;
    row.created_us = old.created_us;
    ORC_RETURN_IF_ERROR(PutWorkflow(std::move(row), &old));
  }
  return {};
}

Result<void> Application::Versions() {
  for (VersionRow row : change_.new_versions) {
    MemoryTables::VersionKey key(row.workflow_id, row.version);
    if (tables_.versions.contains(key)) return VersionTaken(row.workflow_id, row.version);
    if (tables_.version_ids.contains(row.id)) return IdTaken("version", row.id);
    Mend(row.payload);
    undo_.Put(tables_.version_ids, row.id, key);
    undo_.Put(tables_.versions, key, std::move(row));
  }
  return {};
}

Result<void> Application::Templates() {
  auto put = [this](TemplateRow row) {
    Mend(row.name);
    Mend(row.description);
    Mend(row.document);
    std::string id = row.id;
    undo_.Put(tables_.templates, id, std::move(row));
  };
  for (const TemplateRow& row : change_.new_templates) {
    if (tables_.templates.contains(row.id)) return IdTaken("template", row.id);
    put(row);
  }
  for (TemplateRow row : change_.template_updates) {
    auto found = tables_.templates.find(row.id);
    if (found == tables_.templates.end()) return NoSuch("template", row.id);
    row.created_us = found->second.created_us;
    put(std::move(row));
  }
  for (const std::string& id : change_.deleted_templates) {
    auto found = tables_.templates.find(id);
    if (found != tables_.templates.end()) undo_.Erase(tables_.templates, found);
  }
  return {};
}

Result<void> Application::Runs() {
  for (const Run& run : change_.new_runs) {
    if (tables_.runs.contains(run.identity.id)) return IdTaken("run", run.identity.id);
    const auto workflow = tables_.workflows.find(run.identity.workflow_id);
    if (workflow != tables_.workflows.end() && workflow->second.archived) return WorkflowIsArchived(run.identity.workflow_id);
    MemoryRun row{run.identity, run.progress};
    Mend(row.identity.created_by);
    Mend(row.identity.labels);
    Mend(row.progress.error);
    undo_.Put(tables_.runs, run.identity.id, std::move(row));
  }
  for (const RunUpdate& update : change_.run_updates) {
    auto found = tables_.runs.find(update.id);
    if (found == tables_.runs.end()) return RunMoved(update, std::nullopt);
    if (found->second.progress.revision != update.expected_revision) return RunMoved(update, found->second.progress.revision);
    MemoryRun row{found->second.identity, update.progress};
    Mend(row.progress.error);
    undo_.Put(tables_.runs, update.id, std::move(row));
  }
  return {};
}

void Application::ClearSteps() {
  using Kind = Document::Kind;
  for (const auto& [run_id, key] : change_.cleared_steps) {
    const auto row = tables_.steps.find({run_id, key.step, key.item});
    if (row != tables_.steps.end()) undo_.Erase(tables_.steps, row);
    for (const Kind kind : {Kind::kInput, Kind::kOutput, Kind::kResponseHeaders, Kind::kMessage}) {
      const auto document = tables_.documents.find({run_id, kind, static_cast<int32_t>(key.step), key.item});
      if (document != tables_.documents.end()) undo_.Erase(tables_.documents, document);
    }
  }
}

void Application::Steps() {
  for (const StepRow& row : change_.steps) {
    MemoryTables::StepKey key(row.run_id, row.state.step, row.state.item);
    MemoryStep step{row.state, ChangeTimeOf(change_, row)};
    auto old = tables_.steps.find(key);
    if (old != tables_.steps.end() && old->second.state.status == row.state.status) step.since_us = old->second.since_us;
    if (step.state.error) {
      Mend(step.state.error->message);
      Mend(step.state.error->detail);
    }
    for (Approval& approval : step.state.approvals) {
      Mend(approval.input);
      Mend(approval.comment);
      Mend(approval.actor);
    }
    undo_.Put(tables_.steps, key, std::move(step));
  }
}

void Application::Documents() {
  for (const DocumentRow& row : change_.documents) {
    const Document& document = row.document;
    undo_.Put(tables_.documents, {row.run_id, document.kind, document.step, document.item}, ToStorableText(document.text));
  }
}

void Application::Events() {
  for (EventRow row : change_.events) {
    row.id = ++tables_.last_event_id;
    Mend(row.event.payload);
    undo_.Put(tables_.events_of_run, {row.run_id, row.id}, true);
    int64_t id = row.id;
    undo_.Put(tables_.events, id, std::move(row));
  }
}

void Application::Logs() {
  for (LogRow row : change_.logs) {
    if (!tables_.runs.contains(row.run_id)) continue;  // deleted meanwhile
    row.id = ++tables_.last_log_id;
    Mend(row.text);
    Mend(row.source);
    undo_.Put(tables_.logs_of_run, {row.run_id, row.id}, true);
    int64_t id = row.id;
    undo_.Put(tables_.logs, id, std::move(row));
  }
}

Result<void> Application::Idempotency() {
  for (auto at = tables_.idempotency.begin(); at != tables_.idempotency.end() && change_.idempotency_before_us > 0;) {
    at = at->second.created_us < change_.idempotency_before_us ? undo_.Erase(tables_.idempotency, at) : std::next(at);
  }
  for (IdempotencyRow row : change_.idempotency) {
    std::pair<std::string, std::string> key(row.scope, row.key);
    if (tables_.idempotency.contains(key)) return IdempotencyKeyTaken(row.scope, row.key);
    Mend(row.body);
    Mend(row.location);
    undo_.Put(tables_.idempotency, key, std::move(row));
  }
  return {};
}

void Application::Mail() {
  const auto key_of = [](const RunMail& mail) { return MemoryTables::MailKey(mail.to, mail.from, mail.kind, mail.attempt); };
  for (const RunMail& mail : change_.read_mail) {
    const auto found = tables_.mail.find(key_of(mail));
    if (found != tables_.mail.end()) undo_.Erase(tables_.mail, found);
  }
  for (const RunMail& mail : change_.mail) undo_.Put(tables_.mail, key_of(mail), mail);
}

int64_t Application::DeliveredTo() const {
  int64_t least = INT64_MAX;
  for (const auto& [hook, event_id] : tables_.hook_cursors) least = std::min(least, event_id);
  return least;
}

void Application::HookCursors() {
  if (change_.hook_cursors.empty()) return;
  for (const HookCursor& cursor : change_.hook_cursors) undo_.Put(tables_.hook_cursors, cursor.hook, cursor.event_id);
  for (auto at = tables_.deleted_runs.begin(); at != tables_.deleted_runs.end();) {
    EraseRows(tables_.events, tables_.events_of_run, at->first, DeliveredTo());
    const auto left = tables_.events_of_run.lower_bound({at->first, 0});
    const bool is_done = left == tables_.events_of_run.end() || left->first.first != at->first;
    at = is_done ? undo_.Erase(tables_.deleted_runs, at) : std::next(at);
  }
}

template <typename Map>
void Application::EraseOfRun(Map& map, const typename Map::key_type& first, const std::string& run_id) {
  for (auto at = map.lower_bound(first); at != map.end() && std::get<0>(at->first) == run_id;) at = undo_.Erase(map, at);
}

template <typename Map>
void Application::EraseRows(Map& rows, std::map<MemoryTables::RowKey, bool>& index, const std::string& run_id, int64_t up_to) {
  for (auto at = index.lower_bound({run_id, 0}); at != index.end() && at->first.first == run_id && at->first.second <= up_to;) {
    undo_.Erase(rows, rows.find(at->first.second));
    at = undo_.Erase(index, at);
  }
}

Result<void> Application::DeleteRuns() {
  for (const std::string& run_id : change_.deleted_runs) {
    auto found = tables_.runs.find(run_id);
    if (found != tables_.runs.end() && !IsTerminal(found->second.progress.status)) {
      return RunIsLive(run_id, ToText(found->second.progress.status));
    }
    if (found != tables_.runs.end()) undo_.Erase(tables_.runs, found);
    EraseOfRun(tables_.steps, {run_id, 0, INT32_MIN}, run_id);
    EraseOfRun(tables_.documents, {run_id, Document::Kind::kContext, INT32_MIN, INT32_MIN}, run_id);
    EraseRows(tables_.events, tables_.events_of_run, run_id, DeliveredTo());
    const auto left = tables_.events_of_run.lower_bound({run_id, 0});
    if (left != tables_.events_of_run.end() && left->first.first == run_id) undo_.Put(tables_.deleted_runs, run_id, true);
    EraseRows(tables_.logs, tables_.logs_of_run, run_id);
    EraseOfRun(tables_.mail, {run_id, "", RunMail::Kind::kEnded, INT32_MIN}, run_id);
  }
  return {};
}

}  // namespace

Result<void> ApplyToMemory(const Change& change, MemoryTables& tables, UndoLog& undo) {
  Application application(change, tables, undo);
  ORC_RETURN_IF_ERROR(application.Workflows());
  ORC_RETURN_IF_ERROR(application.Versions());
  ORC_RETURN_IF_ERROR(application.Templates());
  ORC_RETURN_IF_ERROR(application.Runs());
  application.ClearSteps();
  application.Steps();
  application.Documents();
  application.Events();
  application.Logs();
  ORC_RETURN_IF_ERROR(application.Idempotency());
  application.Mail();
  application.HookCursors();
  ORC_RETURN_IF_ERROR(ApplySchedules(change, tables, undo));
  return application.DeleteRuns();
}

}  // namespace orc
