#include "api/workers.h"

#include <exception>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"

namespace orc {

Workers::Workers(int threads, size_t max_requests) : max_requests_(max_requests) {
  for (int i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      NameThisThread("orc-worker");
      Work();
    });
}

Workers::~Workers() { Stop(); }

bool Workers::Submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || requests_.size() >= max_requests_) return false;
    requests_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Workers::SubmitFollowUp(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    follow_ups_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Workers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool Workers::TakeJob(Job& job) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return is_stopping_ || !requests_.empty() || !follow_ups_.empty(); });
  if (requests_.empty() && follow_ups_.empty()) return false;
  // In turns, so that neither many streams nor many requests starve the others.
  prefer_requests_ = !prefer_requests_;
  auto& queue = follow_ups_.empty() || (prefer_requests_ && !requests_.empty()) ? requests_ : follow_ups_;
  job = std::move(queue.front());
  queue.pop_front();
  return true;
}

void Workers::Work() {
  Job job;
  while (TakeJob(job)) {
    // The border for exceptions: one bad request must not take the process down.
    try {
      job();
    } catch (const std::exception& e) {
      LogError("a worker's job failed", {{"error", e.what()}});
    } catch (...) {
      LogError("a worker's job failed");
    }
    job = nullptr;
  }
}

}  // namespace orc
