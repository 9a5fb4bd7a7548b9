#include "plugin/http_bridge.h"

#include <algorithm>

#include "base/json.h"
#include "plugin/abi_check.h"

namespace orc {
namespace {

constexpr uint64_t kMostResponseBytes = 64u << 20;

void Mend(std::string& text) {
  if (!IsUtf8(text)) text = ToStorableText(text);
}

}  // namespace

Result<HttpCall> ToCall(const orc_http_request* request, size_t default_max_response_bytes) {
  const auto invalid = [](std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; };
  if (request == nullptr || request->struct_size < sizeof(orc_http_request))
    return invalid("the request is not an orc_http_request of this ABI");
  if (request->headers == nullptr && request->header_count != 0) return invalid("the request's headers are NULL");
  HttpCall call;
  call.method = View(request->method);
  call.url = View(request->url);
  call.body = View(request->body);
  call.headers.reserve(request->header_count);
  for (size_t i = 0; i < request->header_count; ++i)
    call.headers.emplace_back(View(request->headers[i].name), View(request->headers[i].value));
  if (request->timeout_ms > 0) call.timeout_ms = request->timeout_ms;
  if (request->connect_timeout_ms > 0) call.connect_timeout_ms = request->connect_timeout_ms;
  call.max_response_bytes = request->max_response_bytes == 0
                                ? default_max_response_bytes
                                : static_cast<size_t>(std::min(request->max_response_bytes, kMostResponseBytes));
  call.max_redirects = request->max_redirects;
  call.verify_tls = (request->flags & ORC_HTTP_INSECURE_TLS) == 0;
  call.safe_to_resend = (request->flags & ORC_HTTP_SAFE_TO_RESEND) != 0;
  call.ca_file = View(request->ca_file);
  return call;
}

HttpAnswer::HttpAnswer(HttpReply& reply) {
  Mend(reply.message);
  headers_.reserve(reply.headers.size());
  for (auto& [name, value] : reply.headers) {
    Mend(name);
    Mend(value);
    headers_.push_back({Text(name), Text(value)});
  }
  response_.struct_size = sizeof response_;
  response_.status = reply.status;
  response_.error_code = Text(ErrorCodeOf(reply.failure));
  response_.error_message = Text(reply.message);
  response_.headers = headers_.data();
  response_.header_count = headers_.size();
  response_.body = Text(reply.body);
  response_.elapsed_us = reply.elapsed_us;
}

}  // namespace orc
