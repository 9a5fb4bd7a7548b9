// Reads of runs, their steps and their documents.
#include <boost/json.hpp>

#include "base/json.h"
#include "store/json_rows.h"
#include "store/postgres_store_impl.h"
#include "store/run_columns.h"
#include "store/run_filter.h"
#include "store/store_errors.h"

#define ORC_LIVE "status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT')"

namespace orc {
namespace {

/// One status: its own index. Several: the index by time, newest first, passing over what does not match (an expression keeps the status
/// index out, which would have to be sorted). Every parameter is there in every form, so that all are bound alike.
std::string SqlOfList(const RunFilter& filter) {
  std::string sql = "SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS
                    " FROM runs WHERE (created_us, id) < ($1::bigint, $2) AND created_us > $3::bigint AND created_us < $4::bigint";
  // Of the runs of one schedule all are of one workflow, and the schedule's own index knows them in their order: the others are kept out.
  const bool is_plain = filter.schedule_id.empty();
  sql += filter.statuses.size() == 1  ? (is_plain ? " AND status = $5" : " AND status || '' = $5")
         : filter.statuses.size() > 1 ? " AND status || '' IN (SELECT jsonb_array_elements_text($5::jsonb))"
                                      : " AND $5::text IS NOT NULL";
  sql += filter.workflow_id.empty() ? " AND $6::text IS NOT NULL" : is_plain ? " AND workflow_id = $6" : " AND workflow_id || '' = $6";
  // jsonb knows no \u0000, and refuses the whole text for it: what is searched for was stripped of NULs, too.
  sql += filter.labels.empty() ? " AND $7::text IS NOT NULL"
                               : " AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements($7::jsonb) AS t(w) WHERE "
                                 "replace(labels, '\\u0000', '\\ufffd')::jsonb ->> (w->>0) IS DISTINCT FROM w->>1)";
  sql += is_plain ? " AND $8::text IS NOT NULL" : " AND schedule_id <> '' AND schedule_id = $8";
  return sql + " ORDER BY created_us DESC, id DESC LIMIT $9";
}

}  // namespace

Result<Run> PostgresStore::GetRun(const std::string& id) {
  PostgresQuery runs("SELECT " ORC_PROGRESS_COLUMNS ", " ORC_IDENTITY_COLUMNS " FROM runs WHERE id = $1");
  PostgresQuery steps("SELECT " ORC_STEP_COLUMNS " FROM run_steps WHERE run_id = $1 ORDER BY step, item");
  PostgresQuery contexts("SELECT text FROM run_documents WHERE run_id = $1 AND kind = 'context' AND step = -1 AND item = -1");
  const std::array queries = {runs.Bind(id), steps.Bind(id), contexts.Bind(id)};
  ORC_ASSIGN_OR_RETURN(const std::vector<PostgresAnswer> found, readers_.AskAtOnce(queries));
  if (found[0].empty()) return NoSuch("run", id);
  ORC_ASSIGN_OR_RETURN(Run run, ReadRun(found[0].first()));
  ORC_ASSIGN_OR_RETURN(std::vector<StepState> states, ReadRows<StepState>(found[1], ReadStep));
  for (StepState& state : states) run.steps.emplace_hint(run.steps.end(), state.key(), std::move(state));
  if (found[2].empty()) return run;
  ORC_ASSIGN_OR_RETURN(Json context, ParseJson(found[2].first().View(0)));
  run.context = std::make_shared<const Json>(std::move(context));
  return run;
}

Result<RunProgress> PostgresStore::GetRunProgress(const std::string& id) {
  PostgresQuery query("SELECT " ORC_PROGRESS_COLUMNS " FROM runs WHERE id = $1");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(id)));
  if (found.empty()) return NoSuch("run", id);
  return ReadProgress(found.first(), 0);
}

Result<PageOf<Run>> PostgresStore::ListRuns(const RunFilter& filter, const Page& page) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('r', page, kFromNewest));
  const std::string sql = SqlOfList(filter);
  PostgresQuery query(sql);
  query.Bind(after.number).Bind(after.id);
  query.Bind(filter.created_after_us > 0 ? filter.created_after_us : INT64_MIN);
  query.Bind(filter.created_before_us > 0 ? filter.created_before_us : INT64_MAX);
  query.Bind(StatusParameter(filter.statuses)).Bind(filter.workflow_id).Bind(LabelsParameter(filter)).Bind(filter.schedule_id);
  query.Bind(RowsToAsk(page));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  ORC_ASSIGN_OR_RETURN(std::vector<Run> rows, ReadRows<Run>(found, ReadRun));
  return MakePage('r', std::move(rows), page, [](const Run& run) { return PagePosition{run.identity.created_us, run.identity.id}; });
}

Result<std::vector<Document>> PostgresStore::GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step) {
  PostgresQuery query(
      "SELECT step, item, text FROM run_documents WHERE run_id = $1 AND kind = $2 AND step BETWEEN $3 AND $4 ORDER BY step, item");
  query.Bind(run_id).Bind(ToText(kind)).Bind(step == -1 ? INT32_MIN : step).Bind(step == -1 ? INT32_MAX : step);
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  return ReadRows<Document>(found, [kind](const Row& row) { return Document{kind, row.Int32(0), row.Int32(1), row.Text(2)}; });
}

Result<std::optional<std::string>> PostgresStore::GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) {
  PostgresQuery query("SELECT text FROM run_documents WHERE run_id = $1 AND kind = $2 AND step = $3 AND item = $4");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(run_id).Bind(ToText(kind)).Bind(step).Bind(item)));
  if (found.empty()) return std::optional<std::string>();
  return std::optional(found.first().Text(0));
}

Result<std::vector<std::pair<Document, int64_t>>> PostgresStore::GetDocumentSizes(const std::string& run_id, Document::Kind kind) {
  PostgresQuery query("SELECT step, item, bytes FROM run_documents WHERE run_id = $1 AND kind = $2 ORDER BY step, item");
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(run_id).Bind(ToText(kind))));
  using Sized = std::pair<Document, int64_t>;
  return ReadRows<Sized>(found, [kind](const Row& row) { return Sized({kind, row.Int32(0), row.Int32(1), ""}, row.Int(2)); });
}

Result<int64_t> PostgresStore::CountLiveRuns(const std::string& workflow_id) {
  PostgresQuery query("SELECT count(*) FROM runs WHERE workflow_id = $1 AND " ORC_LIVE);
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query.Bind(workflow_id)));
  return found.first().Int(0);
}

Result<PageOf<PendingApproval>> PostgresStore::ListApprovals(const Page& page) {
  ORC_ASSIGN_OR_RETURN(const PagePosition after, PageStart('a', page, kFromOldest));
  PostgresQuery query(
      "SELECT r.id, r.workflow_id, r.workflow_version, s.step, s.since_us, s.item FROM run_steps AS s "
      "JOIN runs AS r ON r.id = s.run_id WHERE s.status = 'WAITING_APPROVAL' AND "
      "(s.since_us, s.run_id, s.step, s.item) > ($1::bigint, $2, $3::bigint, $4::bigint) "
      "ORDER BY s.since_us, s.run_id, s.step, s.item LIMIT $5");
  query.Bind(after.number).Bind(after.id).Bind(after.step).Bind(after.item).Bind(RowsToAsk(page));
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer found, readers_.Ask(query));
  using WithItem = std::pair<PendingApproval, int32_t>;
  ORC_ASSIGN_OR_RETURN(
      std::vector<WithItem> rows, ReadRows<WithItem>(found, [](const Row& row) {
        return WithItem({row.Text(0), row.Text(1), row.Int32(2), static_cast<uint32_t>(row.Int(3)), row.Int(4)}, row.Int32(5));
      }));
  PageOf<WithItem> cut = MakePage('a', std::move(rows), page, [](const WithItem& row) {
    return PagePosition{row.first.since_us, row.first.run_id, static_cast<int32_t>(row.first.step), row.second};
  });
  PageOf<PendingApproval> result;
  result.next_cursor = std::move(cut.next_cursor);
  for (WithItem& row : cut.items) result.items.push_back(std::move(row.first));
  return result;
}

}  // namespace orc
