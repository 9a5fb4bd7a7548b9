// Lines of run logs on their way to the disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/store.h"

namespace orc {

/// Lines that the store does not take come back and are tried again; what finds no room meanwhile is counted, and the run's log says how
/// much is missing. One thread.
class LogBuffer {
 public:
  using Rows = std::shared_ptr<std::vector<LogRow>>;

  explicit LogBuffer(const Clock& clock) : clock_(clock) {}

  void Add(LogRow row);
  /// Lines wait, none is on its way, and it is not too soon after a failure.
  bool IsReady() const;
  /// When to look again if nothing else happens, by the steady clock in µs; 0: not needed.
  int64_t RetryUs() const { return in_flight_ == 0 && HasRows() ? retry_us_ : 0; }
  /// Takes out what waits; null when nothing does. Each is to be given to Ended.
  Rows Take();
  void Ended(const Rows& rows, const Result<void>& result);
  size_t waiting() const { return rows_.size(); }

 private:
  bool HasRows() const { return !rows_.empty() || !gaps_.empty(); }

  const Clock& clock_;
  std::vector<LogRow> rows_;
  std::map<std::string, size_t> gaps_;  // run → lines that found no room
  size_t in_flight_ = 0;
  int64_t retry_us_ = 0;  // after a failure: not before
};

}  // namespace orc
