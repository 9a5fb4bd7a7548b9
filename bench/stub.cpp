// bench_stub: an HTTP/1.1 server on loopback that answers every request with the same few bytes, as fast as one thread can.
// Prints its port; ends when standard input does.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

/// Bytes of the first whole request in `in`; 0 when it is not there yet.
size_t FirstRequest(std::string_view in) {
  const size_t head = in.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  size_t length = 0;
  for (size_t at = in.find("\r\n"); at < head; at = in.find("\r\n", at + 2)) {
    constexpr std::string_view kName = "content-length:";
    if (strncasecmp(in.data() + at + 2, kName.data(), kName.size()) == 0)
      length = std::strtoul(in.data() + at + 2 + kName.size(), nullptr, 10);
  }
  const size_t whole = head + 4 + length;
  return in.size() >= whole ? whole : 0;
}

int Listen(uint16_t& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 4096) != 0) return -1;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return listener;
}

void Watch(int poll, int file) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = file;
  epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
}

void Accept(int poll, int listener) {
  for (int file; (file = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    const int on = 1;
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Watch(poll, file);
  }
}

/// False when the connection is over.
bool Serve(int file, std::string& in) {
  char piece[65536];
  const ssize_t got = read(file, piece, sizeof piece);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  in.append(piece, static_cast<size_t>(got));
  std::string out;
  while (const size_t whole = FirstRequest(in)) {
    in.erase(0, whole);
    out.append(kAnswer);
  }
  return out.empty() || write(file, out.data(), out.size()) == static_cast<ssize_t>(out.size());
}

}  // namespace

int main() {
  uint16_t port = 0;
  const int listener = Listen(port);
  if (listener < 0) return std::perror("listen"), 1;
  std::printf("%u\n", port);
  std::fflush(stdout);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  Watch(poll, listener);
  Watch(poll, STDIN_FILENO);
  std::unordered_map<int, std::string> inputs;
  epoll_event events[256];
  while (true) {
    const int ready = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < ready; ++i) {
      const int file = events[i].data.fd;
      if (file == STDIN_FILENO) return 0;
      if (file == listener) {
        Accept(poll, listener);
      } else if (!Serve(file, inputs[file])) {
        inputs.erase(file);
        close(file);
      }
    }
  }
}
