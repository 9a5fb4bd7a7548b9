#include "outbound/socket_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "outbound/transfer.h"

namespace orc {

SocketLoop::~SocketLoop() {
  if (epoll_ >= 0) ::close(epoll_);
  if (wake_ >= 0) ::close(wake_);
}

Result<void> SocketLoop::Open(CURLM* multi) {
  multi_ = multi;
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  if (epoll_ < 0 || wake_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
    return Error{ErrorCode::kInternal, std::string("the HTTP service can't open its epoll: ") + std::strerror(errno)};
  }
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &SocketLoop::OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &SocketLoop::OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  return {};
}

void SocketLoop::Turn(bool may_wait) {
  constexpr int kMaxEvents = 256;
  epoll_event events[kMaxEvents];
  const int count = epoll_wait(epoll_, events, kMaxEvents, may_wait ? WaitMs() : 0);
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const int fd = events[i].data.fd;
    if (fd == wake_) {
      uint64_t ignored;
      [[maybe_unused]] const auto n = ::read(wake_, &ignored, sizeof ignored);
      continue;
    }
    const uint32_t e = events[i].events;
    const int mask = ((e & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0) | ((e & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((e & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_, fd, mask, &running);
  }
  if (timer_us_ >= 0 && MonotonicUs() >= timer_us_) {
    timer_us_ = -1;  // before the call, which may set it again
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void SocketLoop::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
}

int SocketLoop::WaitMs() const {
  if (timer_us_ < 0) return -1;
  const int64_t left_us = timer_us_ - MonotonicUs();
  return static_cast<int>(std::clamp<int64_t>((left_us + 999) / 1000, 0, std::numeric_limits<int>::max()));
}

int SocketLoop::OnSocket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto* loop = static_cast<SocketLoop*>(self);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(loop->epoll_, EPOLL_CTL_DEL, socket, nullptr);  // may be closed already
    return 0;
  }
  epoll_event event{};
  event.data.fd = socket;
  event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0u) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0u);
  if (known == nullptr) curl_multi_assign(loop->multi_, socket, loop);
  if (epoll_ctl(loop->epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) == 0) return 0;
  // The number was closed and given out again behind our back (or the other way round).
  epoll_ctl(loop->epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  return 0;
}

int SocketLoop::OnTimer(CURLM*, long timeout_ms, void* self) {
  static_cast<SocketLoop*>(self)->timer_us_ = timeout_ms < 0 ? -1 : MonotonicUs() + timeout_ms * 1000;
  return 0;
}

}  // namespace orc
