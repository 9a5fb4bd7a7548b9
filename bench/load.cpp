// bench_load PORT TARGET COUNT CONCURRENCY CALLS EXPECT < BODY
// COUNT operations, CONCURRENCY at a time, over as many kept connections; an operation is CALLS POSTs of BODY one after the other, each
// answered with a 2xx and a body that holds EXPECT. Prints {"count","seconds","per_second","p50_us","p95_us","p99_us","failed"}.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  uint16_t port = 0;
  std::string request;
  size_t count = 0;
  size_t concurrency = 1;
  int calls = 1;
  std::string expect;
};

struct Connection {
  int file = -1;
  int calls_left = 0;
  std::string in;
  Clock::time_point began;
};

/// Bytes of the first whole answer in `in`, or 0.
size_t FirstAnswer(std::string_view in) {
  const size_t head = in.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  size_t length = 0;
  for (size_t at = in.find("\r\n"); at < head; at = in.find("\r\n", at + 2)) {
    constexpr std::string_view kName = "content-length:";
    if (strncasecmp(in.data() + at + 2, kName.data(), kName.size()) == 0)
      length = std::strtoul(in.data() + at + 2 + kName.size(), nullptr, 10);
  }
  return in.size() >= head + 4 + length ? head + 4 + length : 0;
}

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)), poll_(epoll_create1(EPOLL_CLOEXEC)) { took_us_.reserve(options_.count); }

  bool Run() {
    std::vector<Connection> connections(std::min(options_.concurrency, options_.count));
    for (Connection& connection : connections) {
      if (!Connect(connection)) return false;
    }
    const auto begin = Clock::now();
    for (Connection& connection : connections) Begin(connection);
    epoll_event events[256];
    while (ended_ < options_.count) {
      const int ready = epoll_wait(poll_, events, 256, 60'000);
      if (ready <= 0) return std::fprintf(stderr, "no answer for a minute\n"), false;
      for (int i = 0; i < ready; ++i) {
        if (!Read(*static_cast<Connection*>(events[i].data.ptr))) return false;
      }
    }
    Print(std::chrono::duration<double>(Clock::now() - begin).count());
    return failed_ == 0;
  }

 private:
  bool Connect(Connection& connection) {
    connection.file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(options_.port);
    if (connect(connection.file, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return std::perror("connect"), false;
    const int on = 1;
    setsockopt(connection.file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    return epoll_ctl(poll_, EPOLL_CTL_ADD, connection.file, &event) == 0;
  }

  void Begin(Connection& connection) {
    if (begun_ == options_.count) return;
    ++begun_;
    connection.began = Clock::now();
    connection.calls_left = options_.calls;
    Send(connection);
  }

  void Send(const Connection& connection) {
    const std::string& request = options_.request;
    if (write(connection.file, request.data(), request.size()) != static_cast<ssize_t>(request.size())) std::perror("write"), std::exit(1);
  }

  bool Read(Connection& connection) {
    char piece[65536];
    const ssize_t got = read(connection.file, piece, sizeof piece);
    if (got <= 0) return std::fprintf(stderr, "the server hung up\n"), false;
    connection.in.append(piece, static_cast<size_t>(got));
    const size_t whole = FirstAnswer(connection.in);
    if (whole == 0) return true;
    const bool good = connection.in.compare(9, 1, "2") == 0 && connection.in.find(options_.expect) < whole;
    if (!good && ++failed_ == 1) std::fprintf(stderr, "unexpected answer: %.2000s\n", connection.in.c_str());
    connection.in.erase(0, whole);
    if (--connection.calls_left > 0) {
      Send(connection);
    } else {
      took_us_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - connection.began).count());
      ++ended_;
      Begin(connection);
    }
    return true;
  }

  void Print(double seconds) {
    std::sort(took_us_.begin(), took_us_.end());
    const auto at = [&](size_t percent) { return took_us_[std::min(took_us_.size() * percent / 100, took_us_.size() - 1)]; };
    std::printf("{\"count\":%zu,\"seconds\":%.3f,\"per_second\":%.1f,\"p50_us\":%.1f,\"p95_us\":%.1f,\"p99_us\":%.1f,\"failed\":%zu}\n",
                took_us_.size(), seconds, static_cast<double>(took_us_.size()) / seconds, at(50), at(95), at(99), failed_);
  }

  Options options_;
  int poll_;
  std::vector<double> took_us_;
  size_t begun_ = 0;
  size_t ended_ = 0;
  size_t failed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return std::fprintf(stderr, "bench_load PORT TARGET COUNT CONCURRENCY CALLS EXPECT < BODY\n"), 2;
  const std::string body(std::istreambuf_iterator<char>(std::cin), {});
  Options options;
  options.port = static_cast<uint16_t>(std::atoi(argv[1]));
  options.request = "POST " + std::string(argv[2]) +
                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body;
  options.count = std::strtoul(argv[3], nullptr, 10);
  options.concurrency = std::strtoul(argv[4], nullptr, 10);
  options.calls = std::atoi(argv[5]);
  options.expect = argv[6];
  return options.count > 0 && Load(options).Run() ? 0 : 1;
}
