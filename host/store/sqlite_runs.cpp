// Reads of runs, their steps and their documents.
#include <boost/json.hpp>

#include "base/json.h"
#include "store/run_columns.h"
#include "store/run_filter.h"
#include "store/sqlite_pages.h"
#include "store/sqlite_store_impl.h"
#include "store/store_errors.h"

namespace orc {
namespace {

Result<std::map<StepKey, StepState>> ReadSteps(SqliteSession& session, const std::string& run_id) {
  SqliteQuery query(session, "SELECT " ORC_STEP_COLUMNS " FROM run_steps WHERE run_id = ?1 ORDER BY step, item");
  query.Bind(run_id);
  ORC_ASSIGN_OR_RETURN(std::vector<StepState> rows, ReadRows<StepState>(query, ReadStep));
  std::map<StepKey, StepState> steps;
  for (StepState& state : rows) steps.emplace_hint(steps.end(), state.key(), std::move(state));
  return steps;
}

Result<std::shared_ptr<const Json>> ReadContext(SqliteSession& session, const std::string& run_id) {
  SqliteQuery query(session, "SELECT text FROM run_documents WHERE run_id = ?1 AND kind = 'context' AND step = -1 AND item = -1");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(run_id).Next());
  if (!found) return NoContext();
  ORC_ASSIGN_OR_RETURN(Json context, ParseJson(query.View(0)));
  return std::make_shared<const Json>(std::move(context));
}

/// One status: its own index. Several: the index by time, newest first, passing over what does not match (`+` keeps the status index out,
/// which would have to be sorted).
std::string SqlOfList(const RunFilter& filter) {
  std::string sql = "SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS
                    " FROM runs WHERE (created_us, id) < (?1, ?2) AND created_us > ?3 AND created_us < ?4";
  if (filter.statuses.size() == 1) sql += filter.schedule_id.empty() ? " AND status = ?5" : " AND +status = ?5";
  if (filter.statuses.size() > 1) sql += " AND +status IN (SELECT value FROM json_each(?5))";
  // `+`: of the runs of one schedule all are of one workflow, and the schedule's own index knows them in their order.
  if (!filter.workflow_id.empty()) sql += filter.schedule_id.empty() ? " AND workflow_id = ?6" : " AND +workflow_id = ?6";
  if (!filter.schedule_id.empty()) sql += " AND schedule_id <> '' AND schedule_id = ?8";
  if (!filter.labels.empty()) {
    sql +=
        " AND NOT EXISTS (SELECT 1 FROM json_each(?7) AS w WHERE NOT EXISTS (SELECT 1 FROM json_each(runs.labels) AS l "
        "WHERE l.key = w.value->>0 AND l.type = 'text' AND l.value = w.value->>1))";
  }
  return sql + " ORDER BY created_us DESC, id DESC LIMIT ?9";
}

}  // namespace

Result<Run> SqliteStore::GetRun(const std::string& id) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  // One transaction: a commit between the three reads would mix two states of the run. The lease ends it, whatever happens here.
  ORC_RETURN_IF_ERROR(SqliteQuery(*reader, "BEGIN").Run());
  SqliteQuery query(*reader, "SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS " FROM runs WHERE id = ?1");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(id).Next());
  if (!found) return NoSuch("run", id);
  ORC_ASSIGN_OR_RETURN(Run run, ReadRun(query));
  ORC_ASSIGN_OR_RETURN(run.steps, ReadSteps(*reader, id));
  ORC_ASSIGN_OR_RETURN(run.context, ReadContext(*reader, id));
  return run;
}

Result<RunProgress> SqliteStore::GetRunProgress(const std::string& id) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT " ORC_PROGRESS_COLUMNS " FROM runs WHERE id = ?1");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(id).Next());
  if (!found) return NoSuch("run", id);
  return ReadProgress(query, 0);
}

Result<PageOf<Run>> SqliteStore::ListRuns(const RunFilter& filter, const Page& page) {
  ORC_ASSIGN_OR_RETURN(PagePosition after, PageStart('r', page, kFromNewest));
  std::string statuses = StatusParameter(filter.statuses);
  std::string labels = LabelsParameter(filter);
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, SqlOfList(filter));
  query.Bind(after.number).Bind(after.id);
  query.Bind(filter.created_after_us > 0 ? filter.created_after_us : INT64_MIN);
  query.Bind(filter.created_before_us > 0 ? filter.created_before_us : INT64_MAX);
  query.Bind(statuses).Bind(filter.workflow_id).Bind(labels).Bind(filter.schedule_id).Bind(RowsToAsk(page));
  ORC_ASSIGN_OR_RETURN(std::vector<Run> rows, ReadRows<Run>(query, ReadRun));
  return MakePage('r', std::move(rows), page, [](const Run& run) { return PagePosition{run.identity.created_us, run.identity.id}; });
}

Result<std::vector<Document>> SqliteStore::GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader,
                    "SELECT step, item, text FROM run_documents WHERE run_id = ?1 AND kind = ?2 AND step BETWEEN ?3 AND ?4 "
                    "ORDER BY step, item");
  query.Bind(run_id).Bind(ToText(kind)).Bind(step == -1 ? INT32_MIN : step).Bind(step == -1 ? INT32_MAX : step);
  return ReadRows<Document>(query, [kind](const SqliteQuery& row) { return Document{kind, row.Int32(0), row.Int32(1), row.Text(2)}; });
}

Result<std::optional<std::string>> SqliteStore::GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT text FROM run_documents WHERE run_id = ?1 AND kind = ?2 AND step = ?3 AND item = ?4");
  ORC_ASSIGN_OR_RETURN(const bool found, query.Bind(run_id).Bind(ToText(kind)).Bind(step).Bind(item).Next());
  if (!found) return std::optional<std::string>();
  return std::optional(query.Text(0));
}

Result<std::vector<std::pair<Document, int64_t>>> SqliteStore::GetDocumentSizes(const std::string& run_id, Document::Kind kind) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  SqliteQuery query(*reader, "SELECT step, item, bytes FROM run_documents WHERE run_id = ?1 AND kind = ?2 ORDER BY step, item");
  query.Bind(run_id).Bind(ToText(kind));
  using Sized = std::pair<Document, int64_t>;
  return ReadRows<Sized>(query, [kind](const SqliteQuery& row) { return Sized({kind, row.Int32(0), row.Int32(1), ""}, row.Int(2)); });
}

Result<int64_t> SqliteStore::CountLiveRuns(const std::string& workflow_id) {
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  // By status, not by workflow: the runs that ended are the many.
  SqliteQuery query(*reader,
                    "SELECT count(*) FROM runs WHERE +workflow_id = ?1 AND "
                    "status IN ('PENDING', 'RUNNING', 'WAITING_APPROVAL', 'WAITING', 'PAUSED', 'CANCELING')");
  ORC_ASSIGN_OR_RETURN(bool found, query.Bind(workflow_id).Next());
  return found ? query.Int(0) : 0;
}

Result<PageOf<PendingApproval>> SqliteStore::ListApprovals(const Page& page) {
  ORC_ASSIGN_OR_RETURN(PagePosition after, PageStart('a', page, kFromOldest));
  ORC_ASSIGN_OR_RETURN(SqliteReaders::Lease reader, readers_.Get());
  // CROSS JOIN keeps the order of the loops, and so the order of the index.
  SqliteQuery query(*reader,
                    "SELECT r.id, r.workflow_id, r.workflow_version, s.step, s.since_us, s.item FROM run_steps AS s "
                    "CROSS JOIN runs AS r ON r.id = s.run_id WHERE s.status = 'WAITING_APPROVAL' AND "
                    "(s.since_us, s.run_id, s.step, s.item) > (?1, ?2, ?3, ?4) ORDER BY s.since_us, s.run_id, s.step, s.item LIMIT ?5");
  query.Bind(after.number).Bind(after.id).Bind(after.step).Bind(after.item).Bind(RowsToAsk(page));
  using Row = std::pair<PendingApproval, int32_t>;  // with the item
  ORC_ASSIGN_OR_RETURN(std::vector<Row> rows, ReadRows<Row>(query, [](const SqliteQuery& row) {
                         return Row({row.Text(0), row.Text(1), row.Int32(2), static_cast<uint32_t>(row.Int(3)), row.Int(4)}, row.Int32(5));
                       }));
  PageOf<Row> cut = MakePage('a', std::move(rows), page, [](const Row& row) {
    return PagePosition{row.first.since_us, row.first.run_id, static_cast<int32_t>(row.first.step), row.second};
  });
  PageOf<PendingApproval> result;
  result.next_cursor = std::move(cut.next_cursor);
  for (Row& row : cut.items) result.items.push_back(std::move(row.first));
  return result;
}

}  // namespace orc
