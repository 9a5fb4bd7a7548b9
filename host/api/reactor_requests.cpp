// The reactor's way from bytes to a request and from an answer to bytes.
#include <utility>

#include "api/problem.h"
#include "api/reactor.h"
#include "base/log.h"

namespace orc {
namespace {

constexpr int kTurnsAtOnce = 32;  // pipelined requests of one client before others have their turn
constexpr int64_t kLingerUs = 2'000'000;
constexpr uint8_t kInBody = 2;

}  // namespace

void Reactor::Advance(Connection& connection) {
  for (int turn = 0; turn < kTurnsAtOnce; ++turn) {
    if (connection.phase == Phase::kReading) {
      if (!ReadRequest(connection)) return;
    } else if (connection.phase == Phase::kAnswering) {
      if (!WriteAnswer(connection)) return;
    } else {
      return;
    }
  }
  ready_.push_back(connection.token());
}

bool Reactor::ReadRequest(Connection& connection) {
  switch (connection.Read(scratch_)) {
    case Connection::Progress::kClosed:
      Close(connection);
      return false;
    case Connection::Progress::kRefused:
      Refuse(connection, connection.fault().status, connection.fault().detail);
      return true;
    case Connection::Progress::kRequest:
      Dispatch(connection);
      return true;
    case Connection::Progress::kNeedMore:
      break;
  }
  if (connection.TakeContinue()) {
    size_t written = 0;
    connection.out.Add("HTTP/1.1 100 Continue\r\n\r\n");
    connection.out.WriteTo(connection.fd(), written);
  }
  WaitForMore(connection);
  return false;
}

/// The clock of a head starts with its first byte, that of a body with the end of the head; more bytes don't set it back.
void Reactor::WaitForMore(Connection& connection) {
  const uint8_t part = connection.PartRead();
  if (part != connection.reading_part) {
    connection.reading_part = part;
    connection.since_us = now_us_;
  }
  const int64_t allowed_ms = part == 0 ? options_.idle_timeout_ms : part == kInBody ? options_.body_timeout_ms : options_.head_timeout_ms;
  Arm(connection, connection.since_us + allowed_ms * 1000);
}

void Reactor::Dispatch(Connection& connection) {
  Request request = connection.TakeRequest();
  connection.keep_alive = request.keep_alive && !is_stopping_;
  connection.reading_part = 0;
  connection.stalled_since_us = 0;
  Arm(connection, 0);
  if (const Response* quick = sink_.QuickAnswer(request)) {
    connection.out.Add(Serialize(*quick, connection.keep_alive, request.method == Method::kHead));
    connection.phase = Phase::kAnswering;
    return;
  }
  const auto completion =
      std::make_shared<Completion>(std::move(request), connection.token(), ++connection.serial, mailbox_, connection.keep_alive);
  connection.phase = Phase::kHandling;
  connection.completion = completion;
  if (!sink_.Take(completion)) completion->Fail({ErrorCode::kUnavailable, "too many requests are waiting"});
}

void Reactor::Refuse(Connection& connection, int status, std::string_view detail) {
  connection.out.Add(Serialize(ProblemOf(status, detail, ""), false, false));
  connection.keep_alive = false;
  connection.must_linger = true;
  connection.stalled_since_us = 0;
  connection.phase = Phase::kAnswering;
}

/// Brings the sum up to date; false when the answer would take it over the limit.
bool Reactor::MayHold(Connection& connection) {
  unread_bytes_ += connection.out.held_bytes();
  unread_bytes_ -= std::exchange(connection.unread_bytes, connection.out.held_bytes());
  if (unread_bytes_ <= options_.max_unread_bytes) return true;
  if (now_us_ >= next_unread_line_us_) {
    next_unread_line_us_ = now_us_ + 1'000'000;
    LogWarn("clients do not read their answers: some are cut off", {{"unread_bytes", unread_bytes_}, {"limit", options_.max_unread_bytes}});
  }
  return false;
}

bool Reactor::WriteAnswer(Connection& connection) {
  size_t written = 0;
  const OutQueue::Outcome outcome = connection.out.WriteTo(connection.fd(), written);
  if (!MayHold(connection)) {
    Close(connection);
    return false;
  }
  switch (outcome) {
    case OutQueue::Outcome::kBroken:
      Close(connection);
      return false;
    case OutQueue::Outcome::kBlocked:
      if (written > 0 || connection.stalled_since_us == 0) connection.stalled_since_us = now_us_;
      Arm(connection, connection.stalled_since_us + options_.write_stall_ms * 1000);
      return false;
    case OutQueue::Outcome::kEmpty:
      break;
  }
  if (connection.keep_alive && !is_stopping_) {
    connection.phase = Phase::kReading;
    connection.since_us = now_us_;
    return true;
  }
  if (connection.must_linger || connection.has_unread()) {
    Linger(connection);
  } else {
    Close(connection);
  }
  return false;
}

// Closing with unread bytes sends a reset, which may overtake the answer on its way to the client.
void Reactor::Linger(Connection& connection) {
  connection.HalfClose();
  connection.phase = Phase::kLingering;
  if (!connection.Discard(scratch_)) return Close(connection);
  Arm(connection, now_us_ + kLingerUs);
}

void Reactor::On(AnswerMail& mail) {
  Connection* connection = Find(mail.token);
  if (!connection || connection->phase != Phase::kHandling) return;
  connection->on_end = nullptr;
  connection->completion.reset();
  connection->keep_alive = mail.keep_alive;
  connection->out.Add(std::move(mail.bytes));
  connection->phase = Phase::kAnswering;
  Advance(*connection);
}

void Reactor::On(ParkMail& mail) {
  Connection* connection = Find(mail.token);
  const bool is_waiting = connection && connection->phase == Phase::kHandling && connection->serial == mail.serial;
  if (!is_waiting || is_stopping_) {
    if (mail.on_end) sink_.RunLater(std::move(mail.on_end));
    return;
  }
  connection->on_end = std::move(mail.on_end);
  Arm(*connection, mail.deadline_us);
}

void Reactor::On(StopMail& mail) {
  is_stopping_ = true;
  stop_deadline_us_ = mail.deadline_us;
  if (is_accepting_) PauseAccepting(true);
  acceptor_.Close();
  for (auto& slot : slots_) {
    if (!slot) continue;
    if (slot->phase == Phase::kReading || slot->phase == Phase::kStreaming || slot->phase == Phase::kLingering) {
      Close(*slot);
    } else if (slot->on_end) {
      sink_.RunLater(std::exchange(slot->on_end, nullptr));
    }
  }
}

}  // namespace orc
