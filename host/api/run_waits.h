// Who waits for the end of which run (`?wait=`).
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/notifier.h"

namespace orc {

/// An index by run: one listener of the notifier serves every waiter. Thread-safe.
class RunWaits {
 public:
  using OnTerminal = std::function<void()>;

  /// `on_terminal` is called once, on the notifier's thread, when the run is terminal; never after Remove. It must return at once.
  uint64_t Add(const std::string& run_id, OnTerminal on_terminal);
  void Remove(const std::string& run_id, uint64_t id);
  void OnNews(const std::vector<RunNews>& news);
  /// Lets go of all: they hold what holds this.
  void Clear();
  size_t size() const;

 private:
  struct Waiter {
    uint64_t id;
    OnTerminal on_terminal;
  };
  mutable std::mutex mutex_;
  uint64_t last_id_ = 0;
  std::unordered_map<std::string, std::vector<Waiter>> waiters_;
};

}  // namespace orc
