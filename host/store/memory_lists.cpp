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

}  // namespace orc
