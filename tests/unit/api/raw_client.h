// A client that sends exactly the bytes that a test says, over a real socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace orc::test {

struct RawAnswer {
  int status = 0;                              // 0: no (whole) answer came
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  /// The body as JSON; null (and a failed expectation) when it is none.
  Json json() const;
  std::string header(const std::string& name) const;
};

/// One connection to 127.0.0.1. Reads give up after ten seconds.
class RawClient {
 public:
  explicit RawClient(uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)) {}
  RawClient(const RawClient&) = delete;

  bool Send(std::string_view bytes);
  /// The next answer; `head_only` for those to a HEAD.
  RawAnswer Read(bool head_only = false);
  /// Up to and with `mark`, or everything that came before the connection ended or the time was up.
  std::string ReadUntil(std::string_view mark, std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// What comes next, up to `size` bytes; "" at the end, or when nothing came in time.
  std::string ReadSome(size_t size, std::chrono::milliseconds patience);
  /// True once the server has closed; what came before is dropped.
  bool WaitForClose(std::chrono::milliseconds patience = std::chrono::seconds(10));
  void ShrinkReceiveBuffer(int bytes);
  int fd() const { return fd_; }

 private:
  /// False: ended, or nothing came in time.
  bool Fill(std::chrono::steady_clock::time_point deadline);
  int fd_ = -1;
  bool is_closed_ = false;
  std::string in_;
};

/// A whole request with Host, Content-Length and, with a body, Content-Type: application/json (unless `headers` says another).
std::string MakeRequest(std::string_view method, std::string_view target, std::string_view body = {},
                        const std::vector<std::pair<std::string, std::string>>& headers = {});

}  // namespace orc::test
