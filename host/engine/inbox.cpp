#include "engine/inbox.h"

#include <chrono>

namespace orc {

bool Inbox::Post(LoopMail&& mail, Wake wake) {
  bool notify = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    mails_.push_back(std::move(mail));
    notify = waiting_ && wake == Wake::kNow;
  }
  if (notify) wake_.notify_one();
  return true;
}

bool Inbox::Take(std::vector<LoopMail>& mails, int64_t wait_us) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closed_ || !mails_.empty(); };
  waiting_ = true;
  if (wait_us < 0) {
    wake_.wait(lock, ready);
  } else {
    wake_.wait_for(lock, std::chrono::microseconds(wait_us), ready);
  }
  waiting_ = false;
  mails.swap(mails_);
  return !closed_;
}

std::vector<LoopMail> Inbox::Close() {
  std::vector<LoopMail> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(mails_);
  }
  wake_.notify_one();
  return left;
}

size_t Inbox::Size() const {
  const std::lock_guard lock(mutex_);
  return mails_.size();
}

bool Inbox::IsIdle() const {
  const std::lock_guard lock(mutex_);
  return waiting_ && mails_.empty();
}

}  // namespace orc
