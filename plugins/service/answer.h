// From the answer of a call to the end of a try.
#pragma once

#include <cstdint>
#include <orchestrator/action.hpp>
#include <string>

namespace orc::service {

/// What a message says of the call: "POST http://host/path".
std::string ShownCall(const orchestrator::HttpRequest& call);

/// An answer below 400 succeeds, any other fails with `http_status` (408, 425, 429 and 5xx retryably, with their Retry-After); in both
/// cases status, headers and body are kept. No answer fails with the host's own code.
orchestrator::Result ToResult(const orchestrator::HttpResponse& response, const std::string& shown_call, int64_t now_us);

/// The same without `output`, for actions that make one themselves.
orchestrator::Result ToResultWithoutBody(const orchestrator::HttpResponse& response, const std::string& shown_call, int64_t now_us);

/// An answer that is not what the action can use: the result becomes the failure `output_invalid`.
void MakeInvalid(orchestrator::Result& result, const std::string& shown_call, const std::string& why);

/// Sends the call and ends the attempt with its answer as it is.
void SendPlain(const orchestrator::Host& host, orchestrator::Attempt attempt, const orchestrator::HttpRequest& call);

bool IsRetryableStatus(int32_t status);

}  // namespace orc::service
