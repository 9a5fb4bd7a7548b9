#include "api/run_waits.h"

#include <algorithm>

namespace orc {

uint64_t RunWaits::Add(const std::string& run_id, OnTerminal on_terminal) {
  const std::lock_guard lock(mutex_);
  waiters_[run_id].push_back({++last_id_, std::move(on_terminal)});
  return last_id_;
}

void RunWaits::Remove(const std::string& run_id, uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = waiters_.find(run_id);
  if (found == waiters_.end()) return;
  std::erase_if(found->second, [id](const Waiter& waiter) { return waiter.id == id; });
  if (found->second.empty()) waiters_.erase(found);
}

void RunWaits::OnNews(const std::vector<RunNews>& news) {
  std::vector<Waiter> due;
  {
    const std::lock_guard lock(mutex_);
    if (waiters_.empty()) return;
    for (const RunNews& item : news) {
      if (!item.terminal) continue;
      const auto found = waiters_.find(item.run_id);
      if (found == waiters_.end()) continue;
      std::move(found->second.begin(), found->second.end(), std::back_inserter(due));
      waiters_.erase(found);
    }
  }
  for (const Waiter& waiter : due) waiter.on_terminal();
}

void RunWaits::Clear() {
  // Let go outside of the mutex: what a waiter holds may come back here.
  std::unordered_map<std::string, std::vector<Waiter>> gone;
  {
    const std::lock_guard lock(mutex_);
    gone.swap(waiters_);
  }
}

size_t RunWaits::size() const {
  const std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const auto& [run_id, waiters] : waiters_) count += waiters.size();
  return count;
}

}  // namespace orc
