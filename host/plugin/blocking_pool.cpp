#include "plugin/blocking_pool.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "base/thread_name.h"

namespace orc {

bool BlockingPool::Post(std::function<void()> task) {
  std::lock_guard lock(state_->mutex);
  if (state_->stopped) return false;
  state_->tasks.push_back(std::move(task));
  if (state_->tasks.size() <= state_->idle || state_->threads.size() >= max_threads_) {
    state_->has_work.notify_one();
    return true;
  }
  ++state_->running;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are the main thread's
  state_->threads.emplace_back([state = state_] { Work(state); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return true;
}

void BlockingPool::Work(const std::shared_ptr<State>& state) {
  NameThisThread("orc-blocking");
  std::unique_lock lock(state->mutex);
  for (;;) {
    if (!state->tasks.empty()) {
      auto task = std::move(state->tasks.front());
      state->tasks.pop_front();
      lock.unlock();
      task();
      task = nullptr;  // its captures too end outside the lock
      lock.lock();
      continue;
    }
    if (state->stopped) break;
    ++state->idle;
    state->has_work.wait(lock);
    --state->idle;
  }
  --state->running;
  state->has_ended.notify_all();
}

bool BlockingPool::Stop(int wait_ms) {
  std::vector<std::thread> threads;
  bool all_ended = false;
  {
    std::unique_lock lock(state_->mutex);
    state_->stopped = true;
    state_->has_work.notify_all();
    all_ended = state_->has_ended.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return state_->running == 0; });
    threads.swap(state_->threads);
  }
  for (auto& thread : threads) all_ended ? thread.join() : thread.detach();
  return all_ended;
}

}  // namespace orc
