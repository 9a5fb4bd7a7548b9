#include "api/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace orc {

Connection::Connection(int fd, uint64_t token, const FramingLimits& limits) : fd_(fd), token_(token), limits_(limits) {}
Connection::~Connection() { ::close(fd_); }

Connection::Progress Connection::Feed(std::string_view bytes, size_t& taken) {
  if (!parser_) parser_ = std::make_unique<RequestParser>(limits_);
  taken = parser_->Feed(bytes);
  switch (parser_->state()) {
    case RequestParser::State::kDone:
      return Progress::kRequest;
    case RequestParser::State::kRefused:
      return Progress::kRefused;
    default:
      return Progress::kNeedMore;
  }
}

Connection::Progress Connection::Read(std::span<char> scratch) {
  size_t taken = 0;
  if (!in_.empty()) {
    const Progress progress = Feed(in_, taken);
    in_.erase(0, taken);
    if (in_.empty()) in_ = std::string();
    if (progress != Progress::kNeedMore) return progress;
  }
  while (is_readable_) {
    const ssize_t count = ::recv(fd_, scratch.data(), scratch.size(), 0);
    if (count == 0) return Progress::kClosed;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      is_readable_ = false;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::kNeedMore : Progress::kClosed;
    }
    // A short read emptied the socket; the edge-triggered poll tells of what comes next. An end that was told already is not told twice.
    if (static_cast<size_t>(count) < scratch.size() && !is_end_near_) is_readable_ = false;
    const std::string_view fresh(scratch.data(), static_cast<size_t>(count));
    Progress progress;
    if (in_.empty()) {
      progress = Feed(fresh, taken);
      in_.assign(fresh.substr(taken));
    } else {
      in_.append(fresh);
      progress = Feed(in_, taken);
      in_.erase(0, taken);
    }
    if (progress != Progress::kNeedMore) return progress;
  }
  return Progress::kNeedMore;
}

Request Connection::TakeRequest() {
  Request request = parser_->TakeRequest();
  parser_.reset();
  return request;
}

uint8_t Connection::PartRead() const {
  if (parser_ && parser_->state() == RequestParser::State::kBody) return 2;
  return in_.empty() ? 0 : 1;
}

bool Connection::Discard(std::span<char> scratch) {
  constexpr int kMaxReads = 16;  // at a time: others wait
  for (int i = 0; i < kMaxReads && is_readable_; ++i) {
    const ssize_t count = ::recv(fd_, scratch.data(), scratch.size(), 0);
    if (count == 0) return false;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      is_readable_ = false;
      return errno == EAGAIN || errno == EWOULDBLOCK;
    }
  }
  return true;
}

void Connection::HalfClose() {
  ::shutdown(fd_, SHUT_WR);
  in_ = std::string();
  parser_.reset();
}

void Connection::LimitSendBuffer(int bytes) { ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes); }

}  // namespace orc
