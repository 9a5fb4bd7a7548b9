#include "plugin/isolation_loop.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/clock.h"
#include "base/thread_name.h"

namespace orc {
namespace {

constexpr uint64_t kWakeKey = 0;

}  // namespace

int64_t IsolationLoop::NowUs() { return SystemClock().SteadyUs(); }

IsolationLoop::IsolationLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeKey;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are the main thread's
  thread_ = std::thread([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

IsolationLoop::~IsolationLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  Wake();
  thread_.join();
  ::close(wake_);
  ::close(epoll_);
}

uint64_t IsolationLoop::Watch(int descriptor, uint32_t events, OnReady on_ready) {
  epoll_event event{};
  event.events = events;
  const std::lock_guard lock(mutex_);
  event.data.u64 = ++last_key_;
  watched_[last_key_] = std::make_shared<OnReady>(std::move(on_ready));
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  return last_key_;
}

void IsolationLoop::Change(uint64_t key, int descriptor, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void IsolationLoop::Forget(uint64_t key, int descriptor) {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  const std::lock_guard lock(mutex_);
  watched_.erase(key);
}

void IsolationLoop::AddClock(OnTime on_time) {
  {
    const std::lock_guard lock(mutex_);
    clocks_.push_back(std::move(on_time));
  }
  Wake();
}

void IsolationLoop::Wake() {
  const uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

int IsolationLoop::AskClocks() {
  std::vector<OnTime> clocks;
  {
    const std::lock_guard lock(mutex_);
    clocks = clocks_;
  }
  const int64_t now_us = NowUs();
  int64_t next_us = std::numeric_limits<int64_t>::max();
  for (const OnTime& clock : clocks) next_us = std::min(next_us, clock(now_us));
  if (next_us == std::numeric_limits<int64_t>::max()) return -1;
  return static_cast<int>(std::clamp<int64_t>((next_us - now_us + 999) / 1000, 0, 60'000));
}

void IsolationLoop::Work() {
  NameThisThread("orc-isolation");
  std::array<epoll_event, 64> events{};
  for (;;) {
    const int wait_ms = AskClocks();
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), wait_ms);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<size_t>(i));
      if (event.data.u64 == kWakeKey) {
        uint64_t ignored = 0;
        (void)!::read(wake_, &ignored, sizeof ignored);
        continue;
      }
      std::shared_ptr<OnReady> on_ready;
      {
        const std::lock_guard lock(mutex_);
        if (const auto it = watched_.find(event.data.u64); it != watched_.end()) on_ready = it->second;
      }
      if (on_ready) (*on_ready)(event.events);
    }
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
  }
}

}  // namespace orc
