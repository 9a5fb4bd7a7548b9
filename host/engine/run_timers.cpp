#include "engine/run_timers.h"

namespace orc {

void RunTimers::Set(const std::string& run_id, int64_t wake_us, int64_t steady_us) {
  const auto found = timers_.find(run_id);
  if (found != timers_.end() && found->second.wake_us == wake_us) return;
  Clear(run_id);
  timers_.emplace(run_id, Timer{wake_us, steady_us});
  order_.emplace(steady_us, run_id);
}

void RunTimers::SetIfAbsent(const std::string& run_id, int64_t wake_us, int64_t steady_us) {
  if (!timers_.contains(run_id)) Set(run_id, wake_us, steady_us);
}

void RunTimers::Clear(const std::string& run_id) {
  const auto found = timers_.find(run_id);
  if (found == timers_.end()) return;
  order_.erase({found->second.steady_us, run_id});
  timers_.erase(found);
}

std::vector<RunTimers::Due> RunTimers::TakeDue(int64_t steady_now_us) {
  std::vector<Due> due;
  while (!order_.empty() && order_.begin()->first <= steady_now_us) {
    auto node = order_.extract(order_.begin());
    const auto timer = timers_.find(node.value().second);
    due.push_back({std::move(node.value().second), timer->second.wake_us});
    timers_.erase(timer);
  }
  return due;
}

}  // namespace orc
