// The timers of runs that come due soon. Later ones are rows, read when their time is near.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace orc {

/// One timer a run; times are microseconds of the wall clock. One thread.
class RunTimers {
 public:
  /// Replaces the run's timer.
  void Set(const std::string& run_id, int64_t wake_us);
  void SetIfAbsent(const std::string& run_id, int64_t wake_us);
  void Clear(const std::string& run_id);
  /// Takes out every run that is due, earliest first.
  std::vector<std::string> TakeDue(int64_t now_us);
  /// 0 when there is none.
  int64_t NextUs() const { return order_.empty() ? 0 : order_.begin()->first; }
  size_t size() const { return order_.size(); }

 private:
  std::set<std::pair<int64_t, std::string>> order_;
  std::unordered_map<std::string, int64_t> wakes_;
};

}  // namespace orc
