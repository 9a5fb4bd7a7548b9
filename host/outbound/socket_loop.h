// libcurl's sockets and its one timer, on an epoll of our own: the cost of a turn depends on what happened, not on how many calls wait.
#pragma once

#include <curl/curl.h>

#include <cstdint>

#include "base/result.h"

namespace orc {

/// One thread, but for Wake.
class SocketLoop {
 public:
  SocketLoop() = default;
  ~SocketLoop();
  SocketLoop(const SocketLoop&) = delete;
  SocketLoop& operator=(const SocketLoop&) = delete;

  Result<void> Open(CURLM* multi);
  /// Waits until a socket is ready, libcurl's timer is due or Wake was called, and lets libcurl act. `may_wait` false: only looks.
  void Turn(bool may_wait);
  /// Any thread.
  void Wake();

 private:
  static int OnSocket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int OnTimer(CURLM* multi, long timeout_ms, void* self);
  int WaitMs() const;

  CURLM* multi_ = nullptr;
  int epoll_ = -1;
  int wake_ = -1;
  int64_t timer_us_ = -1;  // when libcurl's timer is due (monotonic); -1: not set
};

}  // namespace orc
