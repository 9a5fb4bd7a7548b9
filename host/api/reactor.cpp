#include "api/reactor.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "api/problem.h"
#include "base/log.h"

namespace orc {
namespace {

constexpr uint64_t kAcceptToken = UINT64_MAX;
constexpr uint64_t kWakeToken = UINT64_MAX - 1;
constexpr int64_t kAcceptPauseUs = 100'000;
constexpr int64_t kExhaustedLineUs = 5'000'000;  // a line in the log no more often

void Watch(int epoll, int fd, uint64_t token, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

Reactor::Reactor(const Server::Options& options, const Clock& clock, Acceptor& acceptor, std::shared_ptr<Mailbox> mailbox,
                 RequestSink& sink, SseStreamOwner& streams)
    : options_(options),
      limits_{options.max_head_bytes, options.max_headers, options.max_body_bytes},
      clock_(clock),
      acceptor_(acceptor),
      mailbox_(std::move(mailbox)),
      sink_(sink),
      streams_(streams),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::runtime_error("epoll_create1");
  Watch(epoll_, mailbox_->wake_fd(), kWakeToken, EPOLLIN);
  PauseAccepting(false);
}

Reactor::~Reactor() { ::close(epoll_); }

void Reactor::Run() {
  std::array<epoll_event, 256> events;
  now_us_ = clock_.SteadyUs();
  while (!IsDone()) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), WaitMs());
    now_us_ = clock_.SteadyUs();
    for (int i = 0; i < count; ++i) OnEvent(events[static_cast<size_t>(i)].data.u64, events[static_cast<size_t>(i)].events);
    OpenMail();
    for (const uint64_t token : std::exchange(ready_, {})) {
      if (Connection* connection = Find(token)) Advance(*connection);
    }
    RingAlarms();
    if (!is_accepting_ && !is_stopping_ && now_us_ >= accept_again_us_) PauseAccepting(false);
  }
  for (auto& slot : slots_) {
    if (slot) Close(*slot);
  }
}

bool Reactor::IsDone() const { return is_stopping_ && (count_ == 0 || now_us_ >= stop_deadline_us_); }

int Reactor::WaitMs() const {
  if (!ready_.empty() || !mail_.empty()) return 0;
  int64_t next = alarms_.Next();
  if (is_stopping_) next = std::min(next, stop_deadline_us_);
  if (!is_accepting_ && !is_stopping_) next = std::min(next, accept_again_us_);
  if (next == INT64_MAX) return -1;
  // Rounded up: waking early would find nothing due and spin.
  return static_cast<int>(std::clamp<int64_t>((next - now_us_ + 999) / 1000, 0, 60'000));
}

void Reactor::OnEvent(uint64_t token, uint32_t events) {
  if (token == kAcceptToken) return OnAccept();
  if (token == kWakeToken) return OnMail();
  Connection* connection = Find(token);
  if (!connection) return;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) return Close(*connection);
  const bool is_end = (events & EPOLLRDHUP) != 0;
  if ((events & EPOLLIN) != 0 || is_end) connection->OnReadable(is_end);
  switch (connection->phase) {
    case Phase::kReading:
    case Phase::kAnswering:
      return Advance(*connection);
    case Phase::kStreaming:
      return is_end ? Close(*connection) : WriteStream(*connection);
    case Phase::kLingering:
      if (!connection->Discard(scratch_)) Close(*connection);
      return;
    // A client that only half-closes still waits for its answer.
    case Phase::kHandling:
      return;
  }
}

void Reactor::OnAccept() {
  constexpr int kMaxAtOnce = 64;
  for (int i = 0; i < kMaxAtOnce; ++i) {
    const Acceptor::Accepted accepted = acceptor_.Accept();
    if (accepted.is_exhausted) {
      if (now_us_ >= next_exhausted_line_us_) {
        next_exhausted_line_us_ = now_us_ + kExhaustedLineUs;
        LogWarn("out of descriptors or memory: no new connections for a moment", {{"connections", count_}});
      }
      return PauseAccepting(true);
    }
    if (accepted.fd < 0) return;
    Adopt(accepted.fd);
  }
}

// A listening socket that can't be served stays ready for ever: watching it would burn the thread.
void Reactor::PauseAccepting(bool pause) {
  is_accepting_ = !pause;
  if (pause) {
    accept_again_us_ = now_us_ + kAcceptPauseUs;
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, acceptor_.fd(), nullptr);
  } else {
    Watch(epoll_, acceptor_.fd(), kAcceptToken, EPOLLIN);
  }
}

void Reactor::Adopt(int fd) {
  if (count_ >= options_.max_connections) {
    const std::string answer = Serialize(ProblemOf(503, "too many connections", ""), false, false);
    [[maybe_unused]] const ssize_t sent = ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(fd);
    return;
  }
  uint32_t slot = static_cast<uint32_t>(slots_.size());
  if (free_slots_.empty()) {
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  // Far below the tokens of the two fixed descriptors.
  generation_ = (generation_ + 1) & 0x7fffffff;
  const uint64_t token = static_cast<uint64_t>(generation_) << 32 | slot;
  slots_[slot] = std::make_unique<Connection>(fd, token, limits_);
  ++count_;
  Watch(epoll_, fd, token, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
  slots_[slot]->since_us = now_us_;
  WaitForMore(*slots_[slot]);
}

void Reactor::OnMail() {
  std::vector<Mail> fresh;
  mailbox_->Take(fresh);
  std::move(fresh.begin(), fresh.end(), std::back_inserter(mail_));
}

// A turn's worth: a thousand large answers at once must not keep every other client waiting.
void Reactor::OpenMail() {
  constexpr int64_t kTurnUs = 2'000;
  while (!mail_.empty()) {
    Mail mail = std::move(mail_.front());
    mail_.pop_front();
    std::visit([this](auto& item) { On(item); }, mail);
    if (clock_.SteadyUs() - now_us_ > kTurnUs) return;
  }
}

Connection* Reactor::Find(uint64_t token) {
  const uint32_t slot = static_cast<uint32_t>(token);
  Connection* connection = slot < slots_.size() ? slots_[slot].get() : nullptr;
  return connection && connection->token() == token ? connection : nullptr;
}

void Reactor::Close(Connection& connection) {
  if (const CompletionPtr completion = connection.completion.lock()) completion->MarkGone();
  if (connection.on_end) sink_.RunLater(std::move(connection.on_end));
  if (connection.stream) streams_.OnClosed(connection.stream);
  unread_bytes_ -= connection.unread_bytes;
  const uint32_t slot = static_cast<uint32_t>(connection.token());
  slots_[slot].reset();  // closing the descriptor takes it out of the poll too
  free_slots_.push_back(slot);
  --count_;
}

}  // namespace orc
