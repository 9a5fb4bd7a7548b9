#include "api/acceptor.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace orc {

struct Acceptor::Socket {
  Poco::Net::ServerSocket poco;
};

Result<std::unique_ptr<Acceptor>> Acceptor::Listen(const std::string& host, uint16_t port) {
  constexpr int kBacklog = 4096;
  try {
    const Poco::Net::SocketAddress address(host, port);
    auto socket = std::make_unique<Socket>();
    // Poco's default sets SO_REUSEPORT too, with which a second server would quietly share the port.
    socket->poco.bind(address, /*reuseAddress=*/true, /*reusePort=*/false);
    socket->poco.listen(kBacklog);
    socket->poco.setBlocking(false);
    const uint16_t bound = socket->poco.address().port();
    return std::unique_ptr<Acceptor>(new Acceptor(std::move(socket), bound));
  } catch (const Poco::Exception& e) {
    return Error{ErrorCode::kUnavailable,
                 "can't listen on " + host + ":" + std::to_string(port) + ": " + (e.message().empty() ? e.displayText() : e.message())};
  }
}

Acceptor::Acceptor(std::unique_ptr<Socket> socket, uint16_t port) : socket_(std::move(socket)), port_(port) {}
Acceptor::~Acceptor() { Close(); }
int Acceptor::fd() const { return socket_->poco.impl()->sockfd(); }
void Acceptor::Close() { socket_->poco.close(); }

Acceptor::Accepted Acceptor::Accept() {
  for (;;) {
    const int accepted = ::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      const int on = 1;
      // Answers are written whole; waiting to gather more would only add latency.
      ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return {accepted, false};
    }
    // The other errors are about one connection that broke before it was taken.
    if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
    return {-1, errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM};
  }
}

}  // namespace orc
