// The store's parts in one object; its reads are spread over sqlite_catalog.cpp, sqlite_runs.cpp, sqlite_upkeep.cpp,
// sqlite_history.cpp and sqlite_schedules.cpp.
#pragma once

#include <memory>
#include <string>

#include "store/sqlite_readers.h"
#include "store/sqlite_writer.h"
#include "store/state_lock.h"

namespace orc {

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<StateLock> lock, std::unique_ptr<SqliteSession> writer, const std::string& file, size_t readers)
      : lock_(std::move(lock)), writer_(std::move(writer)), readers_(file, readers) {}

  Result<void> Commit(std::span<const Change* const> changes) override { return writer_.Commit(changes); }

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
  Result<ScheduleRow> GetSchedule(const std::string& id) override;
  Result<PageOf<ScheduleRow>> ListSchedules(const std::string& workflow_id, const Page& page) override;
  Result<std::vector<ScheduleRow>> ListDueSchedules(int64_t until_us, int limit) override;
  Result<std::vector<ScheduleRow>> ListOwingSchedules(const std::string& after_id, int limit) override;
  Result<std::vector<std::pair<std::string, RunStatus>>> ListLiveRunsOfSchedule(const std::string& schedule_id, int limit) override;
  Result<std::vector<std::string>> ListActiveRuns(const std::string& after_id, int limit) override;
  Result<std::vector<std::pair<int64_t, std::string>>> ListDueRuns(int64_t until_us, int limit) override;
  Result<std::vector<RunMail>> ListMail(const RunMail* after, int limit) override;
  Result<std::vector<Run>> ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) override;
  Result<std::vector<std::string>> ListExpiredRuns(int64_t until_us, int limit) override;

 private:
  std::unique_ptr<StateLock> lock_;  // first in, last out
  SqliteWriter writer_;
  SqliteReaders readers_;
};

}  // namespace orc
