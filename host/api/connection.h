// One client's socket: what was read of the next request, and what is still to be written.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "api/completion.h"
#include "api/framing.h"
#include "api/out_queue.h"
#include "api/sse_stream.h"

namespace orc {

/// Owns the descriptor. The reactor's thread only. An idle connection keeps no buffers.
class Connection {
 public:
  enum class Phase : uint8_t {
    kReading,    // waits for a request, or for the rest of one
    kHandling,   // a worker (or whoever it told) will answer
    kAnswering,  // the answer is being written
    kStreaming,
    kLingering  // answered and half-closed: what still comes is dropped, so that no reset overtakes the answer
  };
  enum class Progress : uint8_t { kNeedMore, kRequest, kRefused, kClosed };

  Connection(int fd, uint64_t token, const FramingLimits& limits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads until a request is whole, or there is nothing more now. `scratch` is shared by all connections.
  Progress Read(std::span<char> scratch);
  Request TakeRequest();
  const FramingFault& fault() const { return parser_->fault(); }

  /// 0: nothing of a request is here, 1: a part of its head, 2: the head and perhaps a part of the body.
  uint8_t PartRead() const;
  bool TakeContinue() { return parser_ && parser_->TakeContinue(); }
  bool has_unread() const { return !in_.empty() || is_readable_; }

  /// Reads and drops; false at the end.
  bool Discard(std::span<char> scratch);
  /// Tells the other side that nothing more comes.
  void HalfClose();
  /// Keeps what the kernel holds for a reader that does not read small.
  void LimitSendBuffer(int bytes);
  void OnReadable(bool is_end) { is_readable_ = true, is_end_near_ |= is_end; }

  int fd() const { return fd_; }
  uint64_t token() const { return token_; }

  // The reactor's book-keeping; times are steady microseconds.
  Phase phase = Phase::kReading;
  bool keep_alive = true;
  bool must_linger = false;
  uint32_t serial = 0;  // of the request being handled
  int64_t since_us = 0;
  OutQueue out;
  std::weak_ptr<Completion> completion;  // of kHandling
  std::function<void()> on_end;          // of a parked answer
  size_t unread_bytes = 0;               // of its answer: its part of the reactor's sum
  int64_t stalled_since_us = 0;          // nothing could be written since then; 0: not stalled
  int64_t deadline_us = 0;               // when the reactor must look at it; 0: never
  int64_t alarm_us = 0;                  // the alarm that is set for it; 0: none
  uint8_t reading_part = 0;              // of kReading: 0 nothing is here, 1 a part of the head, 2 the head

  SseStreamPtr stream;
  bool is_stream_ending = false;
  uint8_t beats = 0;  // keep-alive comments since the last look for lost hints
  int64_t next_beat_us = 0;
  int64_t crowded_since_us = 0;  // the stream's buffer has been over half full since then; 0: it is not

 private:
  Progress Feed(std::string_view bytes, size_t& taken);

  const int fd_;
  const uint64_t token_;
  const FramingLimits& limits_;
  bool is_readable_ = false;
  bool is_end_near_ = false;
  std::string in_;
  std::unique_ptr<RequestParser> parser_;
};

}  // namespace orc
