// The store's parts in one object; its reads are spread over postgres_catalog.cpp, postgres_runs.cpp,
// postgres_upkeep.cpp, postgres_history.cpp and postgres_schedules.cpp.
#pragma once

#include <vector>

#include "store/list_pages.h"
#include "store/postgres_pool.h"
#include "store/postgres_store.h"
#include "store/postgres_writer.h"

namespace orc {

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresOptions& options, const Clock& clock)
      : options_(options), outage_(clock), writer_(options_, outage_), readers_(options_, options.pool_size - 1, outage_) {}

  /// As PostgresWriter::Open.
  Result<void> Open(int64_t patience_ms) { return writer_.Open(patience_ms); }

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
  /// `query` of rows of all runs, which compares their ids with ORC_PG_SETTLED.
  Result<PostgresAnswer> AskOfSettled(const PostgresQuery& query);

  const PostgresOptions options_;
  PostgresOutage outage_;
  PostgresWriter writer_;
  PostgresPool readers_;
};

/// Every row of `answer`, each made by `read` (of a Row, or of a Result<Row>).
template <typename Made, typename Read>
Result<std::vector<Made>> ReadRows(const PostgresAnswer& answer, Read read) {
  std::vector<Made> rows;
  rows.reserve(static_cast<size_t>(answer.size()));
  for (int i = 0; i < answer.size(); ++i) {
    Result<Made> row = read(answer.row(i));
    if (!row.ok()) return std::move(row).error();
    rows.push_back(std::move(row).value());
  }
  return rows;
}

}  // namespace orc
