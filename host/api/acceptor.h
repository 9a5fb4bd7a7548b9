// The listening socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace orc {

/// Bound to one address until closed. One thread after Listen.
class Acceptor {
 public:
  /// `port` 0: any free one. kUnavailable says which address and why.
  static Result<std::unique_ptr<Acceptor>> Listen(const std::string& host, uint16_t port);
  ~Acceptor();

  uint16_t port() const { return port_; }
  int fd() const;
  void Close();

  struct Accepted {
    int fd = -1;                // non-blocking, close-on-exec; -1: none now
    bool is_exhausted = false;  // no descriptors or memory left: pause
  };
  Accepted Accept();

 private:
  struct Socket;
  Acceptor(std::unique_ptr<Socket> socket, uint16_t port);
  std::unique_ptr<Socket> socket_;
  const uint16_t port_;
};

}  // namespace orc
