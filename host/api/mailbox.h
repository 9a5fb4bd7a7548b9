// How other threads reach the reactor: they leave mail and wake it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "api/sse_stream.h"

namespace orc {

/// The answer of the request that the connection is waiting with.
struct AnswerMail {
  uint64_t token;
  std::string bytes;
  bool keep_alive;
};

/// The answer comes later; `on_end` is run by a worker when the time is up, the client is gone or the server stops.
struct ParkMail {
  uint64_t token;
  uint32_t serial;      // of the request: it may be answered already, and the connection busy with the next
  int64_t deadline_us;  // steady; 0: none
  std::function<void()> on_end;
};

/// The connection becomes an event stream.
struct StreamMail {
  uint64_t token;
  std::string head;
  SseStreamPtr stream;  // null: the head is all (HEAD)
};

/// A piece for streams; `is_last` closes them after it.
struct PieceMail {
  std::shared_ptr<const std::string> bytes;
  std::vector<uint64_t> tokens;
  bool is_last;
};

/// Finish what is under way until then, then end.
struct StopMail {
  int64_t deadline_us;
};

using Mail = std::variant<AnswerMail, ParkMail, StreamMail, PieceMail, StopMail>;

/// Thread-safe. Lives as long as anybody may still answer: mail after the reactor's end is dropped.
class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void Post(Mail mail);
  /// The reactor's: all that has come, into an empty `mail`; and quiets the wake-up.
  void Take(std::vector<Mail>& mail);
  int wake_fd() const { return wake_fd_; }

 private:
  const int wake_fd_;
  std::mutex mutex_;
  std::vector<Mail> mail_;
  bool is_signalled_ = false;
};

}  // namespace orc
