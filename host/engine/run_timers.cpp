#include "engine/run_timers.h"

namespace orc {

void RunTimers::Set(const std::string& run_id, int64_t wake_us) {
  const auto [at, is_new] = wakes_.try_emplace(run_id, wake_us);
  if (!is_new) {
    if (at->second == wake_us) return;
    order_.erase({at->second, run_id});
    at->second = wake_us;
  }
  order_.emplace(wake_us, run_id);
}

void RunTimers::SetIfAbsent(const std::string& run_id, int64_t wake_us) {
  if (!wakes_.contains(run_id)) Set(run_id, wake_us);
}

void RunTimers::Clear(const std::string& run_id) {
  const auto found = wakes_.find(run_id);
  if (found == wakes_.end()) return;
  order_.erase({found->second, run_id});
  wakes_.erase(found);
}

std::vector<std::string> RunTimers::TakeDue(int64_t now_us) {
  std::vector<std::string> due;
  while (!order_.empty() && order_.begin()->first <= now_us) {
    auto node = order_.extract(order_.begin());
    wakes_.erase(node.value().second);
    due.push_back(std::move(node.value().second));
  }
  return due;
}

}  // namespace orc
