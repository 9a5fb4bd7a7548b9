#include "api/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace orc {

Mailbox::Mailbox() : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_fd_ < 0) throw std::runtime_error("eventfd");
}

Mailbox::~Mailbox() { ::close(wake_fd_); }

void Mailbox::Post(Mail mail) {
  bool must_wake = false;
  {
    const std::lock_guard lock(mutex_);
    mail_.push_back(std::move(mail));
    must_wake = !std::exchange(is_signalled_, true);
  }
  // One system call for all mail that comes before the reactor looks.
  if (must_wake) {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_fd_, &one, sizeof one);
  }
}

void Mailbox::Take(std::vector<Mail>& mail) {
  uint64_t count = 0;
  const std::lock_guard lock(mutex_);
  if (is_signalled_) {
    [[maybe_unused]] const ssize_t read_bytes = ::read(wake_fd_, &count, sizeof count);
  }
  is_signalled_ = false;
  mail.swap(mail_);
}

}  // namespace orc
