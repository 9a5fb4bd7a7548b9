// The event loop behind HttpStub (see http_stub.h): epoll, one thread.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/http_stub.h"
#include "support/http_stub_wire.h"

namespace orc::test {

class HttpStub::Loop {
  using Time = std::chrono::steady_clock::time_point;
  struct Output {
    Time due;
    std::string bytes;
    bool last_of_connection = false;
  };
  struct Connection {
    int fd = -1;
    size_t number = 0;
    std::string in = {};
    std::deque<Output> out = {};
    bool deaf = false;  // reads on, answers no more
  };
  struct Script {
    std::vector<StubAnswer> answers;
    size_t next = 0;
    Handler handler;
  };

 public:
  explicit Loop(const std::string& address) : address_(address) {
    Listen();
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    Watch(listener_, EPOLLIN, EPOLL_CTL_ADD);
    Watch(wake_, EPOLLIN, EPOLL_CTL_ADD);
    thread_ = std::thread([this] { Run(); });
  }
  ~Loop() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    Wake();
    thread_.join();
    for (auto& [fd, connection] : connections_) ::close(fd);
    for (const int fd : {listener_, epoll_, wake_}) ::close(fd);
  }

  void Wake() {
    const uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, Script> scripts_;
  Handler otherwise_;
  std::vector<StubRequest> requests_;
  std::map<std::string, size_t> counts_;
  std::map<std::string, size_t> keys_;
  size_t count_ = 0;
  size_t accepted_ = 0;
  size_t open_ = 0;
  size_t max_open_ = 0;
  bool keep_ = true;
  bool close_all_ = false;
  int port_ = 0;
  std::string address_;

 private:
  void Listen() {
    sockaddr_in6 six{};
    sockaddr_in four{};
    const bool is_six = address_.find(':') != std::string::npos;
    listener_ = ::socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    if (is_six) {
      ::inet_pton(AF_INET6, address_.c_str(), &six.sin6_addr);
    } else {
      ::inet_pton(AF_INET, address_.c_str(), &four.sin_addr);
    }
    auto* name = is_six ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
    socklen_t size = is_six ? sizeof six : sizeof four;
    if (::bind(listener_, name, size) != 0 || ::listen(listener_, 4096) != 0)
      throw std::runtime_error("HttpStub can't listen on " + address_);
    ::getsockname(listener_, name, &size);
    port_ = ntohs(is_six ? six.sin6_port : four.sin_port);
  }
  void Watch(int fd, uint32_t events, int operation) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, operation, fd, &event);
  }

  void Run() {
    epoll_event events[256];
    for (;;) {
      const int n = ::epoll_wait(epoll_, events, 256, NextTimeout());
      std::unique_lock lock(mutex_);
      if (stop_) return;
      for (int i = 0; i < n; ++i) OnEvent(events[i].data.fd, events[i].events);
      if (std::exchange(close_all_, false)) {
        while (!connections_.empty()) Close(connections_.begin()->first);
      }
      SendDue();
      changed_.notify_all();
    }
  }
  int NextTimeout() {
    std::lock_guard lock(mutex_);
    if (timers_.empty()) return -1;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(timers_.begin()->first - std::chrono::steady_clock::now());
    return std::max<int>(0, static_cast<int>(left.count()) + 1);
  }
  void SendDue() {
    const auto now = std::chrono::steady_clock::now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
      const int fd = timers_.begin()->second;
      timers_.erase(timers_.begin());
      Flush(fd);
    }
  }

  void OnEvent(int fd, uint32_t events) {
    if (fd == listener_) return Accept();
    if (fd == wake_) {
      uint64_t count;
      [[maybe_unused]] const auto n = ::read(wake_, &count, sizeof count);
      return;
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !Read(fd)) return;
    Flush(fd);
  }
  void Accept() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      connections_[fd] = Connection{.fd = fd, .number = ++accepted_};
      open_ = connections_.size();
      max_open_ = std::max(max_open_, open_);
      Watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }
  }
  void Close(int fd) {
    if (connections_.erase(fd) == 0) return;
    ::close(fd);
    open_ = connections_.size();
  }
  bool Read(int fd) {
    const auto it = connections_.find(fd);
    if (it == connections_.end()) return false;
    char buffer[16384];
    for (;;) {
      const auto n = ::read(fd, buffer, sizeof buffer);
      if (n > 0) {
        it->second.in.append(buffer, static_cast<size_t>(n));
        continue;
      }
      if (n < 0 && errno == EAGAIN) break;
      Close(fd);
      return false;
    }
    while (TakeRequest(it->second)) {
    }
    return true;
  }

  /// Takes one whole request off the input; false when there is none yet.
  bool TakeRequest(Connection& c) {
    const auto end = c.in.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    StubRequest request = wire::ParseHead(std::string_view(c.in).substr(0, end));
    const std::string length = request.Header("content-length");
    const size_t body = length.empty() ? 0 : std::stoul(length);
    if (c.in.size() < end + 4 + body) return false;
    request.body = c.in.substr(end + 4, body);
    request.connection = c.number;
    c.in.erase(0, end + 4 + body);
    Answer(c, request);
    return true;
  }
  StubAnswer AnswerTo(const StubRequest& request) {
    const auto it = scripts_.find(request.path);
    if (it == scripts_.end()) return otherwise_ ? otherwise_(request) : StubAnswer{.status = 404, .body = "{\"error\":\"not scripted\"}"};
    Script& script = it->second;
    if (script.handler) return script.handler(request);
    const size_t i = std::min(script.next++, script.answers.size() - 1);
    return script.answers[i];
  }
  void Answer(Connection& c, StubRequest& request) {
    ++count_;
    ++counts_[request.path];
    ++keys_[request.Header("idempotency-key")];
    const StubAnswer answer = AnswerTo(request);
    const bool head_only = request.method == "HEAD";
    if (keep_) requests_.push_back(std::move(request));
    c.deaf = c.deaf || answer.never;
    if (c.deaf) return;
    auto due = std::chrono::steady_clock::now() + std::chrono::milliseconds(answer.delay_ms);
    if (answer.hang_up) return Queue(c, {due, "", true});
    if (!answer.raw.empty()) return Queue(c, {due, answer.raw, true});
    const bool cut = answer.cut_after != std::string::npos;
    Queue(c, {due, wire::HeadOf(answer), false});
    if (head_only) return;
    if (answer.chunks.empty()) return Queue(c, {due, answer.body.substr(0, answer.cut_after), cut || answer.close});
    size_t left = answer.cut_after;
    for (const auto& chunk : answer.chunks) {
      due += std::chrono::milliseconds(chunk.delay_ms);
      const bool last = cut && chunk.text.size() >= left;
      char size[32];
      std::snprintf(size, sizeof size, "%zx\r\n", chunk.text.size());
      Queue(c, {due, size + chunk.text.substr(0, left) + (last ? "" : "\r\n"), last});
      if (last) return;
      left -= cut ? chunk.text.size() : 0;
    }
    Queue(c, {due, "0\r\n\r\n", answer.close});
  }
  void Queue(Connection& c, Output output) {
    if (output.due > std::chrono::steady_clock::now()) timers_.emplace(output.due, c.fd);
    c.out.push_back(std::move(output));
  }
  void Flush(int fd) {
    const auto it = connections_.find(fd);
    if (it == connections_.end()) return;
    Connection& c = it->second;
    const auto now = std::chrono::steady_clock::now();
    while (!c.out.empty() && c.out.front().due <= now) {
      Output& output = c.out.front();
      while (!output.bytes.empty()) {
        const auto n = ::send(fd, output.bytes.data(), output.bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) return Watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        if (n < 0) return Close(fd);
        output.bytes.erase(0, static_cast<size_t>(n));
      }
      if (output.last_of_connection) return Close(fd);
      c.out.pop_front();
    }
    Watch(fd, EPOLLIN, EPOLL_CTL_MOD);
  }

  int listener_ = -1;
  int epoll_ = -1;
  int wake_ = -1;
  bool stop_ = false;
  std::map<int, Connection> connections_;
  std::multimap<Time, int> timers_;  // when a connection has something to send; a number that was reused costs one idle flush
  std::thread thread_;
};

}  // namespace orc::test
