// One call under way, with all its redirects: an easy handle of libcurl and what its callbacks write to.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "outbound/egress.h"
#include "outbound/http_service.h"
#include "outbound/url.h"

namespace orc {

/// Used again for one call after the other. The service's thread only.
class Transfer {
 public:
  /// `egress` must outlive it.
  explicit Transfer(const Egress& egress);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_; }
  uint64_t id() const { return id_; }
  /// Of the URL now called: what egress and look-ups go by.
  const std::string& host() const { return url_->host(); }
  const std::string& origin() const { return first_origin_; }
  /// The first host's name is known to libcurl; or has turned out to have no address.
  bool has_resolved() const { return has_resolved_; }
  bool has_no_address() const { return has_no_address_; }

  /// Takes a call and sets the handle up for its first hop. A reply when it can't be sent at all.
  std::optional<HttpReply> Begin(uint64_t id, HttpCall call, HttpService::OnChunk chunk);
  /// After libcurl ended with `code`. Nothing: another hop was set up. Else the reply.
  std::optional<HttpReply> End(CURLcode code);
  HttpReply Abort(HttpFailure failure, std::string message);
  HttpReply AbortUnresolved();
  /// Gives libcurl what is left of the whole call's time; a reply when nothing is.
  std::optional<HttpReply> SetTimeOut();
  /// Lets go of all that belonged to the call.
  void Clear();

 private:
  static constexpr size_t kMaxHeadBytes = 256u << 10;  // of all heads of a call together

  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  void SetFixedOptions();
  std::optional<HttpReply> SetUpHop();
  void SetMethodAndBody();
  void SetHeaders();
  void SetTls();
  bool TakeHeader(std::string_view line);
  bool TakeBody(std::string_view piece);
  bool LengthsAgree();
  /// The answer is a redirect that this call asked to follow.
  bool IsRedirected() const;
  std::optional<HttpReply> FollowRedirect();
  HttpReply Explain(CURLcode code);

  const Egress& egress_;
  CURL* easy_;
  curl_slist* header_list_ = nullptr;
  char error_[CURL_ERROR_SIZE] = "";

  uint64_t id_ = 0;
  HttpCall call_;
  HttpService::OnChunk chunk_;
  std::optional<Url> url_;
  HttpReply reply_;
  size_t header_bytes_ = 0;
  size_t body_bytes_ = 0;
  int hops_left_ = 0;  // redirects that may still be followed
  int64_t started_us_ = 0;
  bool too_large_ = false;
  bool has_two_lengths_ = false;
  bool has_resolved_ = false;
  bool has_no_address_ = false;
  std::string first_origin_;
  std::string refusal_;  // of the egress policy
};

/// CLOCK_MONOTONIC in microseconds.
int64_t MonotonicUs();

}  // namespace orc
