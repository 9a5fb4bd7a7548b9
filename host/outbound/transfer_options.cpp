// How a Transfer sets its easy handle up. The handle is never reset between calls: what varies is set anew for each hop, which is
// cheaper than setting everything.
#include <limits>

#include "outbound/call_check.h"
#include "outbound/transfer.h"

namespace orc {
namespace {

constexpr int64_t kLongest = std::numeric_limits<int32_t>::max();
constexpr long kReceiveBuffer = 8192;  // per call under way; 2,000 of them are common

bool HasHeader(const HttpCall& call, std::string_view name) {
  for (const auto& header : call.headers) {
    if (SameHeaderName(header.first, name)) return true;
  }
  return false;
}

}  // namespace

void Transfer::SetFixedOptions() {
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");  // an http_proxy variable would go round the egress check
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);   // a cancelled look-up must not hold the thread up
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);  // with a path libcurl reads the whole store again for each connection
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnOpenSocket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
}

std::optional<HttpReply> Transfer::SetUpHop() {
  reply_ = HttpReply();
  header_bytes_ = 0;
  body_bytes_ = 0;
  too_large_ = false;
  has_two_lengths_ = false;
  refusal_.clear();
  error_[0] = '\0';
  if (auto late = SetTimeOut()) return late;
  curl_easy_setopt(easy_, CURLOPT_CURLU, url_->handle());
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(call_.connect_timeout_ms, kLongest)));
  curl_easy_setopt(easy_, CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(std::min<size_t>(call_.max_response_bytes, std::numeric_limits<int64_t>::max())));
  // When a reused connection turns out dead, libcurl sends the request again by itself, a POST too. A fresh one never is dead.
  const bool may_repeat = call_.safe_to_resend || IsIdempotent(call_.method);
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, may_repeat ? 0L : 1L);
  SetMethodAndBody();
  SetHeaders();
  SetTls();
  return std::nullopt;
}

std::optional<HttpReply> Transfer::SetTimeOut() {
  const int64_t left_ms = call_.timeout_ms - (MonotonicUs() - started_us_) / 1000;
  if (left_ms <= 0) {
    return Abort(HttpFailure::kTimeout,
                 "the call to " + url_->origin() + " took too long: its " + std::to_string(call_.timeout_ms) + " ms are over");
  }
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(left_ms, kLongest)));
  return std::nullopt;
}

void Transfer::SetMethodAndBody() {
  const bool is_head = call_.method == "HEAD";
  const bool sends_body = !is_head && (!call_.body.empty() || call_.method == "POST" || call_.method == "PUT" || call_.method == "PATCH");
  curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);  // forgets the body and HEAD of the last call
  if (is_head) {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (sends_body) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, call_.body.data());
  }
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, is_head ? nullptr : call_.method.c_str());
}

void Transfer::SetHeaders() {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  std::string line;
  for (const auto& [name, value] : call_.headers) {
    // Content-Length was checked against the body; libcurl writes it.
    if (SameHeaderName(name, "expect") || SameHeaderName(name, "content-length")) continue;
    line.assign(name).append(value.empty() ? ";" : ": ").append(value);
    list = curl_slist_append(list, line.c_str());
  }
  if (!HasHeader(call_, "content-type")) list = curl_slist_append(list, "Content-Type:");
  if (!HasHeader(call_, "user-agent")) list = curl_slist_append(list, "User-Agent: orchestrator");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, list);
  curl_slist_free_all(header_list_);
  header_list_ = list;
}

void Transfer::SetTls() {
  if (url_->scheme() != "https") return;
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, call_.verify_tls ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, call_.verify_tls ? 2L : 0L);
  curl_easy_setopt(easy_, CURLOPT_CAINFO, call_.ca_file.empty() ? curl_version_info(CURLVERSION_NOW)->cainfo : call_.ca_file.c_str());
}

}  // namespace orc
