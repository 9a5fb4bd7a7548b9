// The one thread that serves every plugin process: its socket, its end, its deadlines.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace orc {

/// Thread-safe; the callbacks come on its thread. Its end waits for the one under way.
class IsolationLoop {
 public:
  using OnReady = std::function<void(uint32_t epoll_events)>;
  /// Does what is due at `now_us` (steady), and says when to be asked again; INT64_MAX: not before Wake.
  using OnTime = std::function<int64_t(int64_t now_us)>;

  IsolationLoop();
  ~IsolationLoop();
  IsolationLoop(const IsolationLoop&) = delete;
  IsolationLoop& operator=(const IsolationLoop&) = delete;

  /// A key for the two below. `events` as epoll's (level-triggered).
  uint64_t Watch(int descriptor, uint32_t events, OnReady on_ready);
  void Change(uint64_t key, int descriptor, uint32_t events);
  /// No callback begins after it, but for one under way.
  void Forget(uint64_t key, int descriptor);
  void AddClock(OnTime on_time);
  /// The clocks are asked soon.
  void Wake();

  static int64_t NowUs();

 private:
  void Work();
  int AskClocks();

  const int epoll_;
  const int wake_;
  std::mutex mutex_;
  std::map<uint64_t, std::shared_ptr<OnReady>> watched_;
  std::vector<OnTime> clocks_;
  uint64_t last_key_ = 0;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace orc
