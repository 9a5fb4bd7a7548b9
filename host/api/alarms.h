// Which connection must be looked at when.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace orc {

/// A heap of (time, token). An alarm is never taken back: whoever it wakes looks whether it is still meant. One thread.
class Alarms {
 public:
  void Set(int64_t at_us, uint64_t token) { heap_.emplace(at_us, token); }
  /// INT64_MAX when there is none.
  int64_t Next() const { return heap_.empty() ? INT64_MAX : heap_.top().first; }
  /// Takes the earliest if it is due.
  bool TakeDue(int64_t now_us, int64_t& at_us, uint64_t& token) {
    if (Next() > now_us) return false;
    std::tie(at_us, token) = heap_.top();
    heap_.pop();
    return true;
  }

 private:
  using Entry = std::pair<int64_t, uint64_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
};

}  // namespace orc
