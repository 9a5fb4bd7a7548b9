// An HTTP call between the C ABI's form and the service's.
#pragma once

#include <orchestrator/abi.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "outbound/http_service.h"

namespace orc {

/// Copies the request. kInvalid, with a sentence, when it is not an orc_http_request of this ABI.
Result<HttpCall> ToCall(const orc_http_request* request, size_t default_max_response_bytes);

/// A reply as plugins see it; lives as long as `reply`, which it may change: texts that are not UTF-8 are mended (the body stays as it is).
class HttpAnswer {
 public:
  explicit HttpAnswer(HttpReply& reply);
  const orc_http_response* get() const { return &response_; }

 private:
  orc_http_response response_{};
  std::vector<orc_http_header> headers_;
};

}  // namespace orc
