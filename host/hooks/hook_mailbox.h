// Where other threads leave word for the hooks' thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "outbound/http_service.h"

namespace orc {

struct HookReply {
  size_t feed;
  HttpReply reply;
};
struct HookStored {
  size_t feed;
  bool ok;
};
using HookMail = std::variant<HookReply, HookStored>;

/// Shared with callbacks, which may come after the thread has ended. Thread-safe.
class HookMailbox {
 public:
  void Put(HookMail mail) {
    const std::lock_guard lock(mutex_);
    mail_.push_back(std::move(mail));
    wake_.notify_one();
  }
  void Hint() {
    const std::lock_guard lock(mutex_);
    if (!hinted_) wake_.notify_one();
    hinted_ = true;
  }
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  struct Word {
    std::vector<HookMail> mail;
    bool hinted = false;
    bool stopping = false;
  };
  Word Wait(int64_t us) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::microseconds(us), [&] { return stopping_ || hinted_ || !mail_.empty(); });
    return Word{.mail = std::exchange(mail_, {}), .hinted = std::exchange(hinted_, false), .stopping = stopping_};
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<HookMail> mail_;
  bool hinted_ = false;
  bool stopping_ = false;
};

}  // namespace orc
