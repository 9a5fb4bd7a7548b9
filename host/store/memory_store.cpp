#include "store/memory_store.h"

#include <algorithm>
#include <mutex>

#include "base/json.h"
#include "store/memory_lists.h"
#include "store/memory_schedules.h"
#include "store/memory_tables.h"
#include "store/memory_upkeep.h"
#include "store/page_cursor.h"
#include "store/store_errors.h"

namespace orc {
namespace {

class MemoryStore final : public Store {
 public:
  Result<void> Commit(std::span<const Change* const> changes) override;

  Result<WorkflowRow> GetWorkflow(const std::string& id) override;
  Result<WorkflowRow> GetWorkflowByKey(const std::string& key) override;
  Result<PageOf<WorkflowRow>> ListWorkflows(const Page& page, bool with_archived) override;
  Result<VersionRow> GetVersion(const std::string& workflow_id, int32_t version) override;
  Result<PageOf<VersionRow>> ListVersions(const std::string& workflow_id, const Page& page) override;
  Result<TemplateRow> GetTemplate(const std::string& id) override;
  Result<PageOf<TemplateRow>> ListTemplates(const Page& page) override;

  Result<Run> GetRun(const std::string& id) override;
  Result<RunProgress> GetRunProgress(const std::string& id) override;
  Result<PageOf<Run>> ListRuns(const RunFilter& filter, const Page& page) override;
  Result<std::vector<Document>> GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step) override;
  Result<std::optional<std::string>> GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) override;
  Result<std::vector<std::pair<Document, int64_t>>> GetDocumentSizes(const std::string& run_id, Document::Kind kind) override;
  Result<int64_t> CountLiveRuns(const std::string& workflow_id) override;
  Result<PageOf<PendingApproval>> ListApprovals(const Page& page) override;

  Result<std::vector<EventRow>> ReadEvents(const std::string& run_id, int64_t after_id, int limit) override;
  Result<std::vector<LogRow>> ReadLogs(const std::string& run_id, int64_t after_id, int limit) override;
  Result<int64_t> LastEventId() override;
  Result<std::optional<IdempotencyRow>> FindIdempotency(const std::string& scope, const std::string& key) override;
  Result<int64_t> GetHookCursor(const std::string& hook) override;
  Result<ScheduleRow> GetSchedule(const std::string& id) override { return FindSchedule(Locked(), id); }
  Result<PageOf<ScheduleRow>> ListSchedules(const std::string& workflow_id, const Page& page) override {
    return PageOfSchedules(Locked(), workflow_id, page);
  }
  Result<std::vector<ScheduleRow>> ListDueSchedules(int64_t until_us, int limit) override {
    return DueSchedules(Locked(), until_us, limit);
  }
  Result<std::vector<ScheduleRow>> ListOwingSchedules(const std::string& after_id, int limit) override {
    return OwingSchedules(Locked(), after_id, limit);
  }
  Result<std::vector<std::pair<std::string, RunStatus>>> ListLiveRunsOfSchedule(const std::string& id, int limit) override {
    return LiveRunsOfSchedule(Locked(), id, limit);
  }
  Result<std::vector<std::string>> ListActiveRuns(const std::string& after_id, int limit) override;
  Result<std::vector<std::pair<int64_t, std::string>>> ListDueRuns(int64_t until_us, int limit) override;
  Result<std::vector<RunMail>> ListMail(const RunMail* after, int limit) override;
  Result<std::vector<Run>> ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) override;
  Result<std::vector<std::string>> ListExpiredRuns(int64_t until_us, int limit) override;

 private:
  template <typename Row>
  static std::vector<Row> ReadRows(const std::map<int64_t, Row>& rows, const std::map<MemoryTables::RowKey, bool>& of_run,
                                   const std::string& run_id, int64_t after_id, int limit);

  LockedTables Locked() { return {std::unique_lock(mutex_), tables_}; }

  std::mutex mutex_;  // not a shared one: readers that never pause would keep Commit out for ever
  MemoryTables tables_;
};

Result<void> MemoryStore::Commit(std::span<const Change* const> changes) {
  std::lock_guard lock(mutex_);
  UndoLog undo;
  int64_t last_event_id = tables_.last_event_id;
  int64_t last_log_id = tables_.last_log_id;
  for (const Change* change : changes) {
    Result<void> applied = ApplyToMemory(*change, tables_, undo);
    if (applied.ok()) continue;
    undo.Undo();
    tables_.last_event_id = last_event_id;
    tables_.last_log_id = last_log_id;
    return applied;
  }
  return {};
}

Result<WorkflowRow> MemoryStore::GetWorkflow(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto found = tables_.workflows.find(id);
  if (found == tables_.workflows.end()) return NoSuch("workflow", id);
  return found->second;
}

Result<WorkflowRow> MemoryStore::GetWorkflowByKey(const std::string& key) {
  std::lock_guard lock(mutex_);
  auto found = tables_.workflow_keys.find(key);
  if (found == tables_.workflow_keys.end()) return NoSuch("workflow with the key", key);
  return tables_.workflows.at(found->second);
}

Result<PageOf<WorkflowRow>> MemoryStore::ListWorkflows(const Page& page, bool with_archived) {
  std::lock_guard lock(mutex_);
  std::vector<WorkflowRow> rows;
  for (const auto& [id, row] : tables_.workflows) {
    if (with_archived || !row.archived) rows.push_back(row);
  }
  auto position_of = [](const WorkflowRow& row) { return PagePosition{row.created_us, row.id}; };
  return CutPage('w', std::move(rows), page, position_of, NewestFirst);
}

Result<VersionRow> MemoryStore::GetVersion(const std::string& workflow_id, int32_t version) {
  std::lock_guard lock(mutex_);
  auto found = tables_.versions.find({workflow_id, version});
  if (found == tables_.versions.end()) return NoSuch("version", workflow_id + "/" + std::to_string(version));
  return found->second;
}

Result<PageOf<VersionRow>> MemoryStore::ListVersions(const std::string& workflow_id, const Page& page) {
  std::lock_guard lock(mutex_);
  std::vector<VersionRow> rows;
  for (auto at = tables_.versions.lower_bound({workflow_id, INT32_MIN}); at != tables_.versions.end() && at->first.first == workflow_id;
       ++at) {
    rows.push_back(at->second);
  }
  auto position_of = [](const VersionRow& row) { return PagePosition{row.version, ""}; };
  return CutPage('v', std::move(rows), page, position_of, NewestFirst);
}

Result<TemplateRow> MemoryStore::GetTemplate(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto found = tables_.templates.find(id);
  if (found == tables_.templates.end()) return NoSuch("template", id);
  return found->second;
}

Result<PageOf<TemplateRow>> MemoryStore::ListTemplates(const Page& page) {
  std::lock_guard lock(mutex_);
  std::vector<TemplateRow> rows;
  for (const auto& [id, row] : tables_.templates) rows.push_back(row);
  auto position_of = [](const TemplateRow& row) { return PagePosition{row.created_us, row.id}; };
  return CutPage('t', std::move(rows), page, position_of, OldestFirst);
}

Result<Run> MemoryStore::GetRun(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto found = tables_.runs.find(id);
  if (found == tables_.runs.end()) return NoSuch("run", id);
  Run run{found->second.identity, found->second.progress, std::make_shared<const Json>(JsonObject()), {}, {}};
  for (auto at = tables_.steps.lower_bound({id, 0, INT32_MIN}); at != tables_.steps.end() && std::get<0>(at->first) == id; ++at) {
    run.steps.emplace_hint(run.steps.end(), at->second.state.key(), at->second.state);
  }
  auto context = tables_.documents.find({id, Document::Kind::kContext, -1, -1});
  if (context != tables_.documents.end()) {
    ORC_ASSIGN_OR_RETURN(Json parsed, ParseJson(context->second));
    run.context = std::make_shared<const Json>(std::move(parsed));
  }
  return run;
}

Result<RunProgress> MemoryStore::GetRunProgress(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto found = tables_.runs.find(id);
  if (found == tables_.runs.end()) return NoSuch("run", id);
  return found->second.progress;
}

Result<PageOf<Run>> MemoryStore::ListRuns(const RunFilter& filter, const Page& page) {
  std::lock_guard lock(mutex_);
  auto no_context = std::make_shared<const Json>(JsonObject());
  std::vector<Run> rows;
  for (const auto& [id, run] : tables_.runs) {
    if (Matches(run, filter)) rows.push_back(Run{run.identity, run.progress, no_context, {}, {}});
  }
  auto position_of = [](const Run& run) { return PagePosition{run.identity.created_us, run.identity.id}; };
  return CutPage('r', std::move(rows), page, position_of, NewestFirst);
}

Result<std::vector<Document>> MemoryStore::GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step) {
  std::lock_guard lock(mutex_);
  std::vector<Document> documents;
  for (auto at = tables_.documents.lower_bound({run_id, kind, INT32_MIN, INT32_MIN}); at != tables_.documents.end(); ++at) {
    const auto& [of_run, of_kind, of_step, item] = at->first;
    if (of_run != run_id || of_kind != kind) break;
    if (step == -1 || step == of_step) documents.push_back(Document{kind, of_step, item, at->second});
  }
  return documents;
}

Result<std::optional<std::string>> MemoryStore::GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) {
  std::lock_guard lock(mutex_);
  const auto found = tables_.documents.find({run_id, kind, step, item});
  if (found == tables_.documents.end()) return std::optional<std::string>();
  return std::optional(found->second);
}

Result<std::vector<std::pair<Document, int64_t>>> MemoryStore::GetDocumentSizes(const std::string& run_id, Document::Kind kind) {
  ORC_ASSIGN_OR_RETURN(std::vector<Document> documents, GetDocuments(run_id, kind, -1));
  std::vector<std::pair<Document, int64_t>> sizes;
  for (Document& document : documents) {
    int64_t size = static_cast<int64_t>(document.text.size());
    document.text.clear();
    sizes.emplace_back(std::move(document), size);
  }
  return sizes;
}

Result<int64_t> MemoryStore::CountLiveRuns(const std::string& workflow_id) {
  std::lock_guard lock(mutex_);
  return std::count_if(tables_.runs.begin(), tables_.runs.end(), [&](const auto& entry) {
    return entry.second.identity.workflow_id == workflow_id && !IsTerminal(entry.second.progress.status);
  });
}

Result<PageOf<PendingApproval>> MemoryStore::ListApprovals(const Page& page) {
  std::lock_guard lock(mutex_);
  return PendingApprovals(tables_, page);
}

template <typename Row>
std::vector<Row> MemoryStore::ReadRows(const std::map<int64_t, Row>& rows, const std::map<MemoryTables::RowKey, bool>& of_run,
                                       const std::string& run_id, int64_t after_id, int limit) {
  std::vector<Row> result;
  size_t most = static_cast<size_t>(std::max(0, limit));
  if (run_id.empty()) {
    for (auto at = rows.upper_bound(after_id); at != rows.end() && result.size() < most; ++at) result.push_back(at->second);
    return result;
  }
  auto at = of_run.upper_bound({run_id, after_id});
  for (; at != of_run.end() && at->first.first == run_id && result.size() < most; ++at) result.push_back(rows.at(at->first.second));
  return result;
}

Result<std::vector<EventRow>> MemoryStore::ReadEvents(const std::string& run_id, int64_t after_id, int limit) {
  std::lock_guard lock(mutex_);
  return ReadRows(tables_.events, tables_.events_of_run, run_id, after_id, limit);
}

Result<std::vector<LogRow>> MemoryStore::ReadLogs(const std::string& run_id, int64_t after_id, int limit) {
  std::lock_guard lock(mutex_);
  return ReadRows(tables_.logs, tables_.logs_of_run, run_id, after_id, limit);
}

Result<int64_t> MemoryStore::LastEventId() {
  std::lock_guard lock(mutex_);
  return tables_.last_event_id;
}

Result<std::optional<IdempotencyRow>> MemoryStore::FindIdempotency(const std::string& scope, const std::string& key) {
  std::lock_guard lock(mutex_);
  auto found = tables_.idempotency.find({scope, key});
  if (found == tables_.idempotency.end()) return std::optional<IdempotencyRow>();
  return std::optional<IdempotencyRow>(found->second);
}

Result<int64_t> MemoryStore::GetHookCursor(const std::string& hook) {
  std::lock_guard lock(mutex_);
  auto found = tables_.hook_cursors.find(hook);
  return found == tables_.hook_cursors.end() ? 0 : found->second;
}

Result<std::vector<std::string>> MemoryStore::ListActiveRuns(const std::string& after_id, int limit) {
  std::lock_guard lock(mutex_);
  return ActiveRuns(tables_, after_id, limit);
}

Result<std::vector<std::pair<int64_t, std::string>>> MemoryStore::ListDueRuns(int64_t until_us, int limit) {
  std::lock_guard lock(mutex_);
  return DueRuns(tables_, until_us, limit);
}

Result<std::vector<RunMail>> MemoryStore::ListMail(const RunMail* after, int limit) {
  std::lock_guard lock(mutex_);
  return UnreadMail(tables_, after, limit);
}

Result<std::vector<Run>> MemoryStore::ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) {
  std::lock_guard lock(mutex_);
  return LimitedRuns(tables_, after_created_us, after_id, limit);
}

Result<std::vector<std::string>> MemoryStore::ListExpiredRuns(int64_t until_us, int limit) {
  std::lock_guard lock(mutex_);
  return ExpiredRuns(tables_, until_us, limit);
}

}  // namespace

std::unique_ptr<Store> MakeMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace orc
