#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_run.h"
#include "api/run_answers.h"

namespace orc {
namespace {

Error NoSuchRun(const std::string& id) { return {ErrorCode::kNotFound, "there is no run \"" + id + "\""}; }

/// `status=RUNNING,FAILED&status=CANCELED`
Result<std::vector<RunStatus>> ReadStatuses(const Query& query) {
  std::vector<RunStatus> statuses;
  for (std::string_view text : query.FindAll("status")) {
    while (!text.empty()) {
      const std::string_view name = text.substr(0, text.find(','));
      const std::optional<RunStatus> status = ParseRunStatus(name);
      if (!status) {
        return Error{ErrorCode::kUnreadable, "query parameter \"status\": found \"" + std::string(name) +
                                                 "\", expected PENDING, RUNNING, WAITING_APPROVAL, WAITING, PAUSED, CANCELING, SUCCEEDED, "
                                                 "FAILED, CANCELED or TIMED_OUT"};
      }
      statuses.push_back(*status);
      text.remove_prefix(std::min(text.size(), name.size() + 1));
    }
  }
  return statuses;
}

Result<RunFilter> ReadFilter(const ApiParts& parts, const Query& query) {
  RunFilter filter;
  ORC_ASSIGN_OR_RETURN(filter.statuses, ReadStatuses(query));
  ORC_ASSIGN_OR_RETURN(filter.created_after_us, ReadTime(query, "created_after"));
  ORC_ASSIGN_OR_RETURN(filter.created_before_us, ReadTime(query, "created_before"));
  for (const std::string_view label : query.FindAll("label")) {
    const size_t equals = label.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return Error{ErrorCode::kUnreadable, "query parameter \"label\": found \"" + std::string(label) + "\", expected name=value"};
    }
    filter.labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
  }
  if (const std::string* id = query.Find("workflow_id")) {
    // A key is taken too; of an unknown one there are no runs.
    const Result<WorkflowRow> by_key = id->starts_with(kWorkflowPrefix) ? Result<WorkflowRow>(Error{}) : parts.store.GetWorkflowByKey(*id);
    filter.workflow_id = by_key.ok() ? by_key->id : *id;
  }
  if (const std::string* id = query.Find("schedule_id")) filter.schedule_id = *id;
  return filter;
}

}  // namespace

Answer ListRuns(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const RunFilter filter, ReadFilter(call.parts(), call.query));
  ORC_ASSIGN_OR_RETURN(const PageOf<Run> runs, call.parts().store.ListRuns(filter, page));
  ListWriter list;
  for (const Run& run : runs.items) {
    const auto definition = call.parts().definitions.Get(run.identity.workflow_id, run.identity.workflow_version);
    WriteRunSummary(list.items(), run, definition.ok() ? definition->get() : nullptr);
  }
  return list.Finish(runs.next_cursor);
}

Answer GetRun(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(const int64_t wait_us, ReadWait(call.query));
  return wait_us == 0 ? ShowRun(*call.context, id, {}) : ShowRunAtItsEnd(call, id, wait_us, {});
}

Answer DeleteRun(Call& call) {
  const std::string& id = call.params[0];
  const Result<RunProgress> progress = call.parts().store.GetRunProgress(id);
  if (!progress.ok()) return progress.error().code == ErrorCode::kNotFound ? NoSuchRun(id) : progress.error();
  if (!IsTerminal(progress->status)) {
    return Error{ErrorCode::kConflict, "the run is " + std::string(ToText(progress->status)) + "; only a finished run can be deleted"};
  }
  Write write;
  write.answer = NoContent();
  write.change.deleted_runs.push_back(id);
  write.after = [id](Context& context) { context.streams.OnDeleted(id); };
  return CommitThenSend(call, std::move(write));
}

}  // namespace orc
