#include "store/memory_lists.h"

#include "base/json.h"

namespace orc {
namespace {

bool HasLabels(const std::string& labels, const std::vector<std::pair<std::string, std::string>>& wanted) {
  if (wanted.empty()) return true;
  Result<Json> parsed = ParseJson(labels);
  if (!parsed.ok()) return false;
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const Json* value = Find(*parsed, label.first);
    return value && value->is_string() && std::string_view(value->get_string()) == label.second;
  });
}

}  // namespace

bool IsActive(RunStatus status) {
  return status == RunStatus::kRunning || status == RunStatus::kPending || status == RunStatus::kCanceling || status == RunStatus::kPaused;
}

bool Matches(const MemoryRun& run, const RunFilter& filter) {
  const auto& statuses = filter.statuses;
  if (!statuses.empty() && std::find(statuses.begin(), statuses.end(), run.progress.status) == statuses.end()) return false;
  if (!filter.workflow_id.empty() && run.identity.workflow_id != filter.workflow_id) return false;
  if (!filter.schedule_id.empty() && run.identity.schedule_id != filter.schedule_id) return false;
  if (filter.created_after_us > 0 && run.identity.created_us <= filter.created_after_us) return false;
  if (filter.created_before_us > 0 && run.identity.created_us >= filter.created_before_us) return false;
  return HasLabels(run.identity.labels, filter.labels);
}

Result<PageOf<PendingApproval>> PendingApprovals(const MemoryTables& tables, const Page& page) {
  std::vector<std::pair<PendingApproval, int32_t>> rows;  // with the item
  for (const auto& [key, step] : tables.steps) {
    auto run = tables.runs.find(std::get<0>(key));
    if (step.state.status != StepStatus::kWaitingApproval || run == tables.runs.end()) continue;
    const RunIdentity& identity = run->second.identity;
    rows.push_back({{identity.id, identity.workflow_id, identity.workflow_version, step.state.step, step.since_us}, step.state.item});
  }
  auto position_of = [](const auto& row) {
    return PagePosition{row.first.since_us, row.first.run_id, static_cast<int32_t>(row.first.step), row.second};
  };
  ORC_ASSIGN_OR_RETURN(auto cut, CutPage('a', std::move(rows), page, position_of, OldestFirst));
  PageOf<PendingApproval> result;
  result.next_cursor = std::move(cut.next_cursor);
  for (auto& [approval, item] : cut.items) result.items.push_back(std::move(approval));
  return result;
}

}  // namespace orc
