// The reactor's side of event streams: it writes what the hub hands over, and cuts off who does not read.
#include <algorithm>

#include "api/reactor.h"

namespace orc {
namespace {

/// What the kernel may hold for one stream: small, so that a reader that stopped is noticed and 10,000 of them cost little.
constexpr int kKernelBufferBytes = 64 << 10;
constexpr uint8_t kBeatsPerLook = 4;

const std::shared_ptr<const std::string>& KeepAliveComment() {
  static const auto comment = std::make_shared<const std::string>(": keepalive\n\n");
  return comment;
}

}  // namespace

void Reactor::On(StreamMail& mail) {
  Connection* connection = Find(mail.token);
  if (!connection || connection->phase != Phase::kHandling || is_stopping_) {
    if (mail.stream) streams_.OnClosed(mail.stream);
    if (connection) Close(*connection);
    return;
  }
  connection->keep_alive = false;
  connection->completion.reset();
  if (!mail.stream) {
    connection->out.Add(std::move(mail.head));
    connection->phase = Phase::kAnswering;
    return Advance(*connection);
  }
  connection->phase = Phase::kStreaming;
  connection->stream = std::move(mail.stream);
  connection->LimitSendBuffer(kKernelBufferBytes);
  connection->next_beat_us = now_us_ + options_.sse_keepalive_ms * 1000;
  AddToStream(*connection, std::make_shared<const std::string>(std::move(mail.head)));
  connection->stream->unwritten += connection->out.bytes();
  WriteStream(*connection);
}

void Reactor::On(PieceMail& mail) {
  for (const uint64_t token : mail.tokens) {
    Connection* connection = Find(token);
    if (!connection || connection->phase != Phase::kStreaming) continue;
    AddToStream(*connection, mail.bytes);
    connection->is_stream_ending |= mail.is_last;
    WriteStream(*connection);
  }
}

void Reactor::AddToStream(Connection& connection, std::shared_ptr<const std::string> piece) { connection.out.Add(std::move(piece)); }

void Reactor::WriteStream(Connection& connection) {
  size_t written = 0;
  const OutQueue::Outcome outcome = connection.out.WriteTo(connection.fd(), written);
  if (outcome == OutQueue::Outcome::kBroken) return Close(connection);
  NoteStream(connection, outcome, written);
  if (outcome == OutQueue::Outcome::kEmpty && connection.is_stream_ending) {
    streams_.OnClosed(connection.stream);
    connection.stream.reset();
    return Linger(connection);
  }
  ArmStream(connection);
}

void Reactor::NoteStream(Connection& connection, OutQueue::Outcome outcome, size_t written) {
  const size_t half = options_.sse_buffer_bytes / 2;
  if (outcome == OutQueue::Outcome::kEmpty) {
    connection.stalled_since_us = 0;
  } else if (written > 0 || connection.stalled_since_us == 0) {
    connection.stalled_since_us = now_us_;
  }
  if (connection.out.bytes() <= half) {
    connection.crowded_since_us = 0;
  } else if (connection.crowded_since_us == 0) {
    connection.crowded_since_us = now_us_;
  }
  const size_t before = connection.stream->unwritten.fetch_sub(written);
  if (before > half && before - written <= half) streams_.OnDrained(connection.stream);
}

void Reactor::ArmStream(Connection& connection) {
  int64_t deadline = connection.next_beat_us;
  const int64_t stall_us = options_.write_stall_ms * 1000;
  if (connection.stalled_since_us > 0) deadline = std::min(deadline, connection.stalled_since_us + stall_us);
  if (connection.crowded_since_us > 0) deadline = std::min(deadline, connection.crowded_since_us + stall_us);
  Arm(connection, deadline);
}

void Reactor::Beat(Connection& connection) {
  const int64_t stall_us = options_.write_stall_ms * 1000;
  const bool is_stalled = connection.stalled_since_us > 0 && now_us_ - connection.stalled_since_us >= stall_us;
  // A reader that takes a byte now and then is as bad as one that takes none: it must keep up with what happens.
  const bool is_behind = connection.crowded_since_us > 0 && now_us_ - connection.crowded_since_us >= stall_us;
  if (is_stalled || is_behind) return Close(connection);
  if (now_us_ >= connection.next_beat_us) {
    connection.next_beat_us = now_us_ + options_.sse_keepalive_ms * 1000;
    if (connection.out.empty()) {
      connection.stream->unwritten += KeepAliveComment()->size();
      AddToStream(connection, KeepAliveComment());
    }
    if (++connection.beats == kBeatsPerLook) {
      connection.beats = 0;
      streams_.OnIdle(connection.stream);
    }
    return WriteStream(connection);
  }
  ArmStream(connection);
}

}  // namespace orc
