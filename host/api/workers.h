// The few threads that compute answers.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace orc {

/// Jobs must not wait for anything but the store's reads. Thread-safe.
class Workers {
 public:
  using Job = std::function<void()>;
  Workers(int threads, size_t max_requests);
  ~Workers();  // stops

  /// New work of clients; false when too much is waiting, or stopped.
  bool Submit(Job job);
  /// What follows from work that was taken already (parked answers, pages of streams); never refused, its number is bounded by
  /// the connections. Dropped once stopped.
  void SubmitFollowUp(Job job);
  /// Finishes what is queued, then ends the threads.
  void Stop();

 private:
  void Work();
  bool TakeJob(Job& job);

  const size_t max_requests_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> requests_;
  std::deque<Job> follow_ups_;
  bool prefer_requests_ = true;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace orc
