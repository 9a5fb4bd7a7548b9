#include "engine/definitions.h"

namespace orc {

Result<std::shared_ptr<const Definition>> Definitions::Get(const std::string& workflow_id, int32_t version) {
  const std::string key = workflow_id + '\n' + std::to_string(version);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(key); found != entries_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return found->second->second;
    }
  }
  // Read without the lock: two callers may parse the same version, which harms nobody, but no one waits for another's disk.
  ORC_ASSIGN_OR_RETURN(const VersionRow row, store_.GetVersion(workflow_id, version));
  ORC_ASSIGN_OR_RETURN(const Json document, ParseJson(row.payload));
  ORC_ASSIGN_OR_RETURN(std::shared_ptr<const Definition> definition, ParseDefinition(document));
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key); found != entries_.end()) return found->second->second;
  order_.emplace_front(key, definition);
  entries_[key] = order_.begin();
  if (order_.size() > capacity_) {
    entries_.erase(order_.back().first);
    order_.pop_back();
  }
  return definition;
}

}  // namespace orc
