#include "outbound/failure.h"

namespace orc {

HttpFailure FailureOf(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return HttpFailure::kNone;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFailure::kTimeout;
    case CURLE_URL_MALFORMAT:
      return HttpFailure::kInvalidRequest;
    case CURLE_FILESIZE_EXCEEDED:
      return HttpFailure::kTooLarge;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return HttpFailure::kTls;
    default:  // among them CURLE_UNSUPPORTED_PROTOCOL: the URL was judged before, so it is an answer that is not HTTP/1
      return HttpFailure::kNetwork;
  }
}

std::string_view ErrorCodeOf(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::kNone:
      return "";
    case HttpFailure::kInvalidRequest:
      return "input_invalid";
    case HttpFailure::kTimeout:
      return "timeout";
    case HttpFailure::kNetwork:
      return "network";
    case HttpFailure::kTls:
      return "tls";
    case HttpFailure::kTooLarge:
      return "output_too_large";
    case HttpFailure::kEgressDenied:
      return "egress_denied";
    case HttpFailure::kCanceled:
    case HttpFailure::kStopped:
      return "cancelled";
  }
  return "network";
}

}  // namespace orc
