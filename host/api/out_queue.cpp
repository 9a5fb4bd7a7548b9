#include "api/out_queue.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace orc {

void OutQueue::Add(std::shared_ptr<const std::string> piece) {
  if (piece->empty()) return;
  bytes_ += piece->size();
  pieces_.push_back(std::move(piece));
}

OutQueue::Outcome OutQueue::WriteTo(int socket, size_t& written) {
  written = 0;
  while (bytes_ > 0) {
    std::array<iovec, 16> parts;
    size_t count = 0;
    size_t wanted = 0;
    for (size_t i = first_; i < pieces_.size() && count < parts.size(); ++i, ++count) {
      const size_t skip = i == first_ ? offset_ : 0;
      parts[count] = {const_cast<char*>(pieces_[i]->data()) + skip, pieces_[i]->size() - skip};
      wanted += parts[count].iov_len;
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Outcome::kBlocked : Outcome::kBroken;
    Drop(static_cast<size_t>(sent));
    written += static_cast<size_t>(sent);
    if (static_cast<size_t>(sent) < wanted) return Outcome::kBlocked;
  }
  return Outcome::kEmpty;
}

void OutQueue::Drop(size_t count) {
  bytes_ -= count;
  while (count > 0) {
    const size_t rest = pieces_[first_]->size() - offset_;
    if (count < rest) {
      offset_ += count;
      return;
    }
    count -= rest;
    offset_ = 0;
    pieces_[first_++].reset();
  }
  if (first_ == pieces_.size()) {
    pieces_.clear();
    first_ = 0;
  } else if (first_ > 32) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

}  // namespace orc
