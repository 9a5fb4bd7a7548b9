#include "plugin/outcome.h"

#include "base/json.h"
#include "plugin/abi_check.h"

namespace orc {
namespace {

constexpr size_t kMaxMessage = 16u << 10;
constexpr size_t kMaxSideDocument = 256u << 10;  // headers, detail

using Outcome = AttemptFinished::Outcome;

std::string Shortened(std::string_view text, const Redaction& redaction) {
  // Redacted first: half a value at the cut would be found by nobody.
  const std::string whole = redaction.InCutText(std::string(text));
  std::string out = ToStorableText(std::string_view(whole).substr(0, kMaxMessage));
  if (whole.size() > kMaxMessage) out += " …";
  return out;
}

/// The document, or "" when it is none: a side document must not cost the attempt its result.
std::string SideDocument(orc_text text, const Redaction& redaction) {
  const auto view = View(text);
  const bool may_be_kept = view.size() <= kMaxSideDocument && !view.empty() && CheckJson(view).ok();
  return may_be_kept ? redaction.InJson(std::string(view)) : std::string();
}

Outcome OutcomeOf(int32_t outcome, bool was_cancelled) {
  if (outcome == ORC_SUCCEEDED) return Outcome::kSucceeded;
  return outcome == ORC_CANCELLED || was_cancelled ? Outcome::kCanceled : Outcome::kFailed;
}

StepError ErrorOf(const orc_result& result, Outcome outcome, const Redaction& redaction) {
  StepError error;
  error.code = outcome == Outcome::kCanceled ? "cancelled" : Shortened(View(result.error_code), redaction);
  error.message = Shortened(View(result.error_message), redaction);
  if (error.code.empty()) error.code = "plugin_error";
  if (error.message.empty())
    error.message = outcome == Outcome::kCanceled ? "the attempt was cancelled" : "the action failed without saying why";
  error.retryable = outcome == Outcome::kFailed && result.outcome == ORC_FAILED_RETRYABLE;
  error.detail = SideDocument(result.error_detail, redaction);
  return error;
}

}  // namespace

AttemptFinished FailedAttempt(AttemptKey key, std::string code, std::string message, std::string detail) {
  AttemptFinished finished;
  finished.key = std::move(key);
  finished.outcome = Outcome::kFailed;
  finished.error = StepError{std::move(code), std::move(message), false, std::move(detail)};
  return finished;
}

AttemptFinished ReadResult(AttemptKey key, const orc_result* result, bool was_cancelled, size_t max_output_bytes,
                           const Redaction& redaction) {
  if (result == nullptr || result->struct_size < sizeof(orc_result)) {
    return FailedAttempt(std::move(key), "plugin_error", "the action completed with a result that is not an orc_result of this ABI");
  }
  if (result->outcome < ORC_SUCCEEDED || result->outcome > ORC_CANCELLED) {
    return FailedAttempt(std::move(key), "plugin_error",
                         "the action completed with the outcome " + std::to_string(result->outcome) + "; expected 0 to 3");
  }
  AttemptFinished finished;
  finished.outcome = OutcomeOf(result->outcome, was_cancelled);
  const auto output = View(result->output);
  const bool succeeded = finished.outcome == Outcome::kSucceeded;
  std::string fault_code;
  std::string fault;
  if (output.size() > max_output_bytes) {
    fault_code = "output_too_large";
    fault = "the output has " + std::to_string(output.size()) + " bytes; the limit is " + std::to_string(max_output_bytes);
  } else if (const auto checked = output.empty() ? Result<void>() : CheckJson(output); !checked.ok()) {
    fault_code = "output_invalid";
    fault = "the action's output is not JSON: " + redaction.InCutText(checked.error().message);
  }
  if (succeeded && !fault.empty()) {
    auto failed = FailedAttempt(std::move(key), std::move(fault_code), std::move(fault));
    failed.http_code = result->http_code;
    return failed;
  }
  finished.key = std::move(key);
  if (fault.empty()) finished.output = output.empty() ? "null" : redaction.InJson(std::string(output));
  finished.response_headers = SideDocument(result->response_headers, redaction);
  finished.http_code = result->http_code;
  if (!succeeded) finished.error = ErrorOf(*result, finished.outcome, redaction);
  finished.retry_after_ms = finished.outcome == Outcome::kFailed ? result->retry_after_ms : -1;
  return finished;
}

}  // namespace orc
