#include "child/channel.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace orc {
namespace {

/// Of the process: -1 in one that the plugin forked.
std::atomic<int> socket_descriptor{-1};

void ForgetInForkedProcess() {
  const int descriptor = socket_descriptor.exchange(-1);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

Channel::Channel(int descriptor) {
  socket_descriptor = descriptor;
  ::pthread_atfork(nullptr, nullptr, &ForgetInForkedProcess);
}

void Channel::Send(const std::string& frame) {
  if (socket_descriptor < 0) return;  // its mutex may be locked for ever
  const std::lock_guard lock(mutex_);
  size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t done = ::send(socket_descriptor, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return;  // the server is gone, or the plugin closed the socket: Receive ends too
    sent += static_cast<size_t>(done);
  }
}

std::optional<wire::FrameSplitter::Frame> Channel::Receive() {
  std::array<char, 65536> buffer;  // NOLINT: filled by recv
  for (;;) {
    if (auto frame = splitter_.Next()) return frame;
    if (splitter_.is_broken()) return std::nullopt;
    const ssize_t got = ::recv(socket_descriptor, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    splitter_.Append({buffer.data(), static_cast<size_t>(got)});
  }
}

}  // namespace orc
