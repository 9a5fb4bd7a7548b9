#include "outbound/transfer.h"

#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <new>

#include "base/log.h"
#include "outbound/call_check.h"
#include "outbound/failure.h"
#include "outbound/redirect.h"

namespace orc {
namespace {

constexpr int kMaxRedirects = 3;
constexpr int64_t kDefaultTimeoutMs = 30'000;
constexpr int64_t kDefaultConnectTimeoutMs = 10'000;

HttpReply Refuse(HttpFailure failure, std::string message) {
  HttpReply reply;
  reply.failure = failure;
  reply.message = std::move(message);
  return reply;
}

}  // namespace

int64_t MonotonicUs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
}

Transfer::Transfer(const Egress& egress) : egress_(egress), easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc();
  SetFixedOptions();
}

Transfer::~Transfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(header_list_);
}

std::optional<HttpReply> Transfer::Begin(uint64_t id, HttpCall call, HttpService::OnChunk chunk) {
  id_ = id;
  call_ = std::move(call);
  chunk_ = std::move(chunk);
  hops_left_ = std::clamp(call_.max_redirects, 0, kMaxRedirects);
  started_us_ = MonotonicUs();
  if (call_.timeout_ms <= 0) call_.timeout_ms = kDefaultTimeoutMs;
  if (call_.connect_timeout_ms <= 0) call_.connect_timeout_ms = kDefaultConnectTimeoutMs;
  if (auto fault = CheckCall(call_); !fault.empty()) return Refuse(HttpFailure::kInvalidRequest, std::move(fault));
  auto url = Url::Parse(call_.url);
  if (!url.ok()) return Refuse(HttpFailure::kInvalidRequest, url.error().message);
  url_ = std::move(url).value();
  first_origin_ = url_->origin();
  return SetUpHop();
}

std::optional<HttpReply> Transfer::End(CURLcode code) {
  has_resolved_ = has_resolved_ || code == CURLE_OK;  // perhaps over a connection that was there already
  has_no_address_ = !has_resolved_ && code == CURLE_COULDNT_RESOLVE_HOST;
  if (code == CURLE_OK && IsRedirected()) return FollowRedirect();
  if (code != CURLE_OK) return Explain(code);
  reply_.elapsed_us = MonotonicUs() - started_us_;
  return std::move(reply_);
}

HttpReply Transfer::Abort(HttpFailure failure, std::string message) {
  reply_.failure = failure;
  reply_.message = std::move(message);
  reply_.elapsed_us = MonotonicUs() - started_us_;
  return std::move(reply_);
}

HttpReply Transfer::AbortUnresolved() {
  return Abort(HttpFailure::kNetwork, "the call to " + url_->origin() + " failed: the name \"" + url_->host() + "\" can't be resolved");
}

void Transfer::Clear() {
  has_resolved_ = false;
  has_no_address_ = false;
  // libcurl must not look at what is freed here.
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, nullptr);
  curl_easy_setopt(easy_, CURLOPT_CURLU, nullptr);
  curl_slist_free_all(header_list_);
  header_list_ = nullptr;
  call_ = HttpCall();
  chunk_ = nullptr;
  url_.reset();
  reply_ = HttpReply();
}

bool Transfer::IsRedirected() const {
  if (hops_left_ <= 0 || !IsRedirect(reply_.status)) return false;
  return std::any_of(reply_.headers.begin(), reply_.headers.end(), [](const auto& header) { return header.first == "location"; });
}

std::optional<HttpReply> Transfer::FollowRedirect() {
  char* location = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_REDIRECT_URL, &location);
  auto next = Url::Parse(location == nullptr ? "" : location);
  if (!next.ok())
    return Abort(HttpFailure::kInvalidRequest, url_->origin() + " redirects to what can't be called: " + next.error().message);
  --hops_left_;
  Redirect(call_, reply_.status, *url_, *next);
  // Only now: `location` belongs to the handle that uses the old URL.
  url_ = std::move(next).value();
  return SetUpHop();
}

HttpReply Transfer::Explain(CURLcode code) {
  const std::string where = "the call to " + url_->origin();
  if (!refusal_.empty() && code == CURLE_COULDNT_CONNECT) return Abort(HttpFailure::kEgressDenied, refusal_);
  // libcurl runs out of its own room for one line of a head at 100 KiB, and calls that a lack of memory.
  const bool is_head_too_large = header_bytes_ > kMaxHeadBytes || (code == CURLE_OUT_OF_MEMORY && body_bytes_ == 0);
  if (is_head_too_large) return Abort(HttpFailure::kTooLarge, where + " was ended: the head of the answer is over the limit");
  if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) {
    return Abort(HttpFailure::kTooLarge,
                 where + " was ended: the answer is over the limit of " + std::to_string(call_.max_response_bytes) + " bytes");
  }
  if (has_two_lengths_) return Abort(HttpFailure::kNetwork, where + " was ended: the answer has two different Content-Lengths");
  const HttpFailure failure = FailureOf(code);
  const std::string reason = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  return Abort(failure, where + (failure == HttpFailure::kTimeout ? " took too long: " : " failed: ") + reason);
}

size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  return static_cast<Transfer*>(self)->TakeHeader({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
}

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) {
  return static_cast<Transfer*>(self)->TakeBody({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
}

/// The address is the very one that is about to be connected to; no name is looked up again after this.
curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  transfer->has_resolved_ = true;
  const auto target = AddressOf(address->addr);
  if (!target) return CURL_SOCKET_BAD;
  auto refusal = transfer->egress_.Refusal(transfer->url_->host(), *target);
  if (!refusal.empty()) {
    transfer->refusal_ = std::move(refusal);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace orc
