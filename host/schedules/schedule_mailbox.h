// Where other threads leave word for the schedules' thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace orc {

/// What became of a schedule's step.
struct ScheduleSettled {
  std::string schedule_id;
  std::optional<Error> error;
};

/// Shared with callbacks, which may come after the thread has ended. Thread-safe.
class ScheduleMailbox {
 public:
  void Put(ScheduleSettled settled) {
    const std::lock_guard lock(mutex_);
    settled_.push_back(std::move(settled));
    wake_.notify_one();
  }
  void Look() {
    const std::lock_guard lock(mutex_);
    look_ = true;
    wake_.notify_one();
  }
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  /// A run ended: hints that come fast are taken together.
  void Hint() {
    const std::lock_guard lock(mutex_);
    if (!hinted_) wake_.notify_one();
    hinted_ = true;
  }

  struct Word {
    std::vector<ScheduleSettled> settled;
    bool stopping = false;
  };
  Word Wait(int64_t us) {
    std::unique_lock lock(mutex_);
    const auto has_word = [this] { return stopping_ || look_ || !settled_.empty(); };
    const int64_t calm_us = std::min(us, kCalmUs);
    if (!wake_.wait_for(lock, std::chrono::microseconds(calm_us), has_word)) {
      wake_.wait_for(lock, std::chrono::microseconds(us - calm_us), [&] { return hinted_ || has_word(); });
    }
    look_ = hinted_ = false;
    return Word{.settled = std::exchange(settled_, {}), .stopping = stopping_};
  }

 private:
  static constexpr int64_t kCalmUs = 50'000;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<ScheduleSettled> settled_;
  bool look_ = false;
  bool hinted_ = false;
  bool stopping_ = false;
};

}  // namespace orc
