// The one thread that owns every connection: it accepts, reads whole requests with deadlines, writes answers with
// back-pressure, keeps parked answers and event streams. It never computes an answer but the health check's.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "api/acceptor.h"
#include "api/alarms.h"
#include "api/connection.h"
#include "api/server.h"
#include "base/clock.h"

namespace orc {

/// Who answers. Called on the reactor's thread; must return at once.
class RequestSink {
 public:
  virtual ~RequestSink() = default;
  /// An answer that costs nothing and that no load may stop, or null.
  virtual const Response* QuickAnswer(const Request& request) = 0;
  /// False: too much is waiting already.
  virtual bool Take(CompletionPtr completion) = 0;
  virtual void RunLater(std::function<void()> job) = 0;
};

class Reactor {
 public:
  Reactor(const Server::Options& options, const Clock& clock, Acceptor& acceptor, std::shared_ptr<Mailbox> mailbox, RequestSink& sink,
          SseStreamOwner& streams);
  ~Reactor();

  /// The thread's body; returns after a StopMail.
  void Run();

 private:
  using Phase = Connection::Phase;

  // reactor.cpp: the loop
  bool IsDone() const;
  int WaitMs() const;
  void OnEvent(uint64_t token, uint32_t events);
  void OnAccept();
  void PauseAccepting(bool pause);
  void Adopt(int fd);
  void OnMail();
  void OpenMail();
  Connection* Find(uint64_t token);
  void Close(Connection& connection);

  // reactor_requests.cpp: requests and answers. A bool says that the connection is there and may go on.
  void Advance(Connection& connection);
  bool ReadRequest(Connection& connection);
  void WaitForMore(Connection& connection);
  void Dispatch(Connection& connection);
  void Refuse(Connection& connection, int status, std::string_view detail);
  bool MayHold(Connection& connection);
  bool WriteAnswer(Connection& connection);
  void Linger(Connection& connection);
  void On(AnswerMail& mail);
  void On(ParkMail& mail);
  void On(StopMail& mail);

  // reactor_streams.cpp
  void On(StreamMail& mail);
  void On(PieceMail& mail);
  void AddToStream(Connection& connection, std::shared_ptr<const std::string> piece);
  void WriteStream(Connection& connection);
  void NoteStream(Connection& connection, OutQueue::Outcome outcome, size_t written);
  void Beat(Connection& connection);
  void ArmStream(Connection& connection);

  // reactor_deadlines.cpp
  void Arm(Connection& connection, int64_t deadline_us);
  void RingAlarms();
  void OnDeadline(Connection& connection);

  const Server::Options& options_;
  const FramingLimits limits_;
  const Clock& clock_;
  Acceptor& acceptor_;
  const std::shared_ptr<Mailbox> mailbox_;
  RequestSink& sink_;
  SseStreamOwner& streams_;
  const int epoll_;
  std::array<char, 64u << 10> scratch_;
  std::vector<std::unique_ptr<Connection>> slots_;
  std::vector<uint32_t> free_slots_;
  uint32_t generation_ = 0;
  size_t count_ = 0;
  std::vector<uint64_t> ready_;  // had more to do than their turn allowed
  std::deque<Mail> mail_;        // taken, not yet opened
  size_t unread_bytes_ = 0;      // of answers that their clients did not take at once
  int64_t next_unread_line_us_ = 0;
  int64_t next_exhausted_line_us_ = 0;
  Alarms alarms_;
  int64_t now_us_ = 0;  // steady, of this round of the loop
  int64_t accept_again_us_ = 0;
  bool is_accepting_ = false;
  bool is_stopping_ = false;
  int64_t stop_deadline_us_ = 0;
};

}  // namespace orc
