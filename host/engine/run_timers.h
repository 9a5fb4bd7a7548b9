// The timers of runs that come due soon. Later ones are rows, read when their time is near.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace orc {

/// One timer a run. It is known by `wake_us`, the stored due time of the wall clock, and goes off by the steady one: a try that may take
/// 20 s has them though somebody sets the clock. All in microseconds. One thread.
class RunTimers {
 public:
  struct Due {
    std::string run_id;
    int64_t wake_us;
    bool operator==(const Due&) const = default;
  };

  /// Replaces the run's timer; one of the same `wake_us` goes off when it was going to.
  void Set(const std::string& run_id, int64_t wake_us, int64_t steady_us);
  void SetIfAbsent(const std::string& run_id, int64_t wake_us, int64_t steady_us);
  void Clear(const std::string& run_id);
  /// Takes out every timer that is due, earliest first.
  std::vector<Due> TakeDue(int64_t steady_now_us);
  /// By the steady clock; 0 when there is none.
  int64_t NextUs() const { return order_.empty() ? 0 : order_.begin()->first; }
  size_t size() const { return order_.size(); }

 private:
  struct Timer {
    int64_t wake_us;
    int64_t steady_us;
  };
  std::set<std::pair<int64_t, std::string>> order_;
  std::unordered_map<std::string, Timer> timers_;
};

}  // namespace orc
