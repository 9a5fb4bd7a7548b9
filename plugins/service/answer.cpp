#include "service/answer.h"

#include "service/answer_body.h"
#include "service/retry_after.h"
#include "service/url.h"

namespace orc::service {

using orchestrator::HttpResponse;
using orchestrator::Outcome;

std::string ShownCall(const orchestrator::HttpRequest& call) { return call.method + " " + ShownUrl(call.url); }

bool IsRetryableStatus(int32_t status) { return status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599); }

orchestrator::Result ToResultWithoutBody(const HttpResponse& response, const std::string& shown_call, int64_t now_us) {
  if (!response.answered()) return response.ToFailure();
  orchestrator::Result result;
  result.http_code = response.status();
  result.response_headers = response.HeadersAsJson();
  if (response.status() < 400) return result;
  result.outcome = IsRetryableStatus(response.status()) ? Outcome::kFailedRetryable : Outcome::kFailed;
  result.error_code = "http_status";
  result.error_message = shown_call + " answered " + std::to_string(response.status());
  if (const std::string words = ErrorText(response.body()); !words.empty()) result.error_message += ": " + words;
  result.retry_after_ms = RetryAfterMs(response.Header("retry-after"), now_us);
  return result;
}

orchestrator::Result ToResult(const HttpResponse& response, const std::string& shown_call, int64_t now_us) {
  orchestrator::Result result = ToResultWithoutBody(response, shown_call, now_us);
  if (response.answered()) result.output = BodyAsJson(response.body());
  return result;
}

void MakeInvalid(orchestrator::Result& result, const std::string& shown_call, const std::string& why) {
  result.outcome = Outcome::kFailed;
  result.error_code = "output_invalid";
  result.error_message = shown_call + ": " + why;
}

void SendPlain(const orchestrator::Host& host, orchestrator::Attempt attempt, const orchestrator::HttpRequest& call) {
  attempt.SendHttp(
      call, [host, shown = ShownCall(call), redirects = call.max_redirects](orchestrator::Attempt answered, const HttpResponse& response) {
        orchestrator::Result result = ToResult(response, shown, host.NowUs());
        if (const std::string why = response.answered() ? WhyNotJson(response.body()) : std::string(); !why.empty())
          answered.AppendLog(shown + ": the answer is kept as text, it can't be read as JSON: " + why, orchestrator::Level::kWarn);
        const bool is_redirect = response.answered() && response.status() / 100 == 3 && !response.Header("location").empty();
        if (is_redirect && redirects > 0) {
          result.outcome = Outcome::kFailed;
          result.error_code = "http_status";
          result.error_message = shown + " was still redirected (" + std::to_string(response.status()) + ") after " +
                                 std::to_string(redirects) + (redirects == 1 ? " redirect" : " redirects");
        }
        answered.Complete(result);
      });
}

}  // namespace orc::service
