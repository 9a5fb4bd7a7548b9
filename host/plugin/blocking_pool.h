// A bounded pool of threads for actions that may block. Started when first needed.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace orc {

/// Thread-safe. Tasks run in the order of posting; what exceeds the threads waits (the engine bounds how many attempts there are).
class BlockingPool {
 public:
  explicit BlockingPool(int threads) : max_threads_(threads < 1 ? 1 : static_cast<size_t>(threads)), state_(std::make_shared<State>()) {}
  ~BlockingPool() { Stop(0); }
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// False once stopped.
  bool Post(std::function<void()> task);
  /// Takes no more tasks; those already posted still run. Waits for them that long; false when some remained (their threads are left
  /// behind).
  bool Stop(int wait_ms);

 private:
  /// Shared with the threads, which may outlive the pool.
  struct State {
    std::mutex mutex;
    std::condition_variable has_work;
    std::condition_variable has_ended;
    std::deque<std::function<void()>> tasks;
    std::vector<std::thread> threads;
    size_t running = 0;
    size_t idle = 0;
    bool stopped = false;
  };
  static void Work(const std::shared_ptr<State>& state);

  const size_t max_threads_;
  std::shared_ptr<State> state_;
};

}  // namespace orc
