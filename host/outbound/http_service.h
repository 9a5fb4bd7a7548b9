// Every outgoing HTTP call of the process: one thread, one pool of connections, one policy (libcurl multi).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace orc {

struct HttpCall {
  std::string method = "GET";
  std::string url = {};  // http or https only
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  int64_t timeout_ms = 30'000;  // of the whole call
  int64_t connect_timeout_ms = 10'000;
  size_t max_response_bytes = 2u << 20;
  int max_redirects = 0;  // at most 3; a redirect beyond them is an answer like any other
  bool verify_tls = true;
  std::string ca_file = {};     // "" takes the system's
  bool safe_to_resend = false;  // idempotent, or carries a key: a dead reused connection may be tried again
};

enum class HttpFailure : uint8_t { kNone, kInvalidRequest, kTimeout, kNetwork, kTls, kTooLarge, kEgressDenied, kCanceled, kStopped };
/// The language's error code: "timeout", "network", "tls", "output_too_large", "egress_denied", "input_invalid", "cancelled".
std::string_view ErrorCodeOf(HttpFailure failure);

struct HttpReply {
  HttpFailure failure = HttpFailure::kNone;
  std::string message;  // of a failure: one sentence
  int32_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body = {};
  int64_t elapsed_us = 0;
};

/// Where calls may go. Judged on the addresses really connected to, never on spellings.
struct EgressPolicy {
  bool allow_private = true;            // "internal"; false: "public"
  std::vector<std::string> allow = {};  // hosts, addresses or CIDRs allowed besides (loopback needs to be listed)
};

/// Thread-safe. Callbacks come on the service's thread, must return at once and may call Send and Cancel.
class HttpService {
 public:
  using OnDone = std::function<void(HttpReply)>;
  /// Pieces of the body as they come (only of a 2xx answer); the whole is in the reply all the same.
  using OnChunk = std::function<void(std::string_view)>;
  struct Stats {
    size_t in_flight = 0;
    uint64_t calls = 0;
  };

  static Result<std::unique_ptr<HttpService>> Start(const EgressPolicy& policy, size_t max_in_flight = 20'000);
  virtual ~HttpService() = default;  // every call under way ends with kStopped

  /// Exactly one `done` follows, also for a call that is refused. The number names the call for Cancel and is never used again.
  virtual uint64_t Send(HttpCall call, OnDone done, OnChunk chunk = nullptr) = 0;
  /// Ends the call with kCanceled, if it is still under way.
  virtual void Cancel(uint64_t call) = 0;
  virtual Stats GetStats() const = 0;
};

}  // namespace orc
