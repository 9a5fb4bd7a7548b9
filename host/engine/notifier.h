// "Something new is on the disk": hints for those who follow runs. A lost or doubled hint does no harm: readers ask the store.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// What a committed change touched in one run.
struct RunNews {
  std::string run_id;
  bool events = false;
  bool logs = false;
  bool terminal = false;
};

/// Thread-safe. Listeners are called on the committer's thread after the commit and must return at once.
class Notifier {
 public:
  using Listener = std::function<void(const std::vector<RunNews>& news)>;
  /// Returns a token for Unsubscribe. A listener must not call Subscribe or Unsubscribe itself.
  uint64_t Subscribe(Listener listener);
  /// After it returns, the listener is not called any more.
  void Unsubscribe(uint64_t token);
  void Publish(const std::vector<RunNews>& news);

 private:
  std::mutex mutex_;
  uint64_t last_token_ = 0;
  std::unordered_map<uint64_t, Listener> listeners_;
};

}  // namespace orc
