// One HTTP call through the host: its connections, its policy, its limits. See Attempt::SendHttp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/abi.h"
#include "orchestrator/result.hpp"

namespace orchestrator {

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int64_t timeout_ms = 0;           ///< of the whole call; 0: 30 s
  int64_t connect_timeout_ms = 0;   ///< 0: 10 s
  uint64_t max_response_bytes = 0;  ///< 0: the host's limit for a step's output
  int32_t max_redirects = 0;        ///< at most 3; a redirect beyond them is an answer like any other
  bool verify_tls = true;
  bool safe_to_resend = false;  ///< idempotent, or carries a key
  std::string ca_file;          ///< "": the system's
};

/// The answer, or why there was none. Borrowed from the host for the length of the callback: copy what you keep.
class HttpResponse {
 public:
  explicit HttpResponse(const orc_http_response* response) : response_(response) {}

  /// An answer came, whatever its status.
  bool answered() const { return response_->error_code.size == 0; }
  int32_t status() const { return response_->status; }
  std::string_view body() const { return detail::View(response_->body); }
  /// "" when an answer came, else "timeout", "network", "tls", "output_too_large", "egress_denied", "input_invalid", "cancelled".
  std::string_view error_code() const { return detail::View(response_->error_code); }
  std::string_view error_message() const { return detail::View(response_->error_message); }
  int64_t elapsed_us() const { return response_->elapsed_us; }

  size_t header_count() const { return response_->header_count; }
  /// Name (in lower case) and value.
  std::pair<std::string_view, std::string_view> header(size_t i) const {
    return {detail::View(response_->headers[i].name), detail::View(response_->headers[i].value)};
  }
  /// The first header of that name (give it in lower case), or "".
  std::string_view Header(std::string_view name) const {
    for (size_t i = 0; i < header_count(); ++i) {
      if (header(i).first == name) return header(i).second;
    }
    return {};
  }
  /// What Result::response_headers wants: a JSON object; values of a repeated header are joined by ", ".
  std::string HeadersAsJson() const;
  /// Of a call that got no answer: the result to report. Time-outs and network failures are retryable.
  Result ToFailure() const;

 private:
  bool IsRepeat(size_t i) const;
  const orc_http_response* response_;
};

namespace detail {
/// Appends `text` (UTF-8, as the host hands it over) as a JSON string with its quotes.
inline void AppendJsonText(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}
}  // namespace detail

inline bool HttpResponse::IsRepeat(size_t i) const {
  for (size_t j = 0; j < i; ++j) {
    if (header(j).first == header(i).first) return true;
  }
  return false;
}

inline std::string HttpResponse::HeadersAsJson() const {
  std::string out = "{";
  std::string joined;
  for (size_t i = 0; i < header_count(); ++i) {
    if (IsRepeat(i)) continue;
    joined.assign(header(i).second);
    for (size_t j = i + 1; j < header_count(); ++j) {
      if (header(j).first == header(i).first) joined.append(", ").append(header(j).second);
    }
    if (out.size() > 1) out += ',';
    detail::AppendJsonText(out, header(i).first);
    out += ':';
    detail::AppendJsonText(out, joined);
  }
  return out += '}';
}

inline Result HttpResponse::ToFailure() const {
  const std::string_view code = error_code();
  if (code == "cancelled") return Result::Cancelled();
  Result result = Result::Failure(std::string(code), std::string(error_message()));
  if (code == "timeout" || code == "network") result.outcome = Outcome::kFailedRetryable;
  return result;
}

}  // namespace orchestrator
