// How an attempt ended, and what the host tells of one. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "orchestrator/abi.h"

namespace orchestrator {

enum class Outcome : int32_t {
  kSucceeded = ORC_SUCCEEDED,
  kFailed = ORC_FAILED,
  kFailedRetryable = ORC_FAILED_RETRYABLE,  // the same call may succeed later; the host decides whether there is another try
  kCancelled = ORC_CANCELLED
};

enum class Level : int32_t { kDebug = ORC_DEBUG, kInfo = ORC_INFO, kWarn = ORC_WARN, kError = ORC_ERROR };

/// The end of an attempt. Made by one of the four functions, then filled in further:
/// `auto r = Result::Failure("http_status", "answered 404"); r.http_code = 404;`
struct Result {
  Outcome outcome = Outcome::kSucceeded;
  std::string output;  ///< one JSON document; "" means null. Also of a failure when there was an answer
  int32_t http_code = 0;
  std::string response_headers;  ///< a JSON object, or ""
  std::string error_code;        ///< lower case words: "timeout", "network", "http_status"
  std::string error_message;     ///< one sentence
  std::string error_detail;      ///< JSON, or ""
  int64_t retry_after_ms = -1;   ///< what the far side asked for; -1: nothing

  static Result Success(std::string output_json) {
    Result result;
    result.output = std::move(output_json);
    return result;
  }
  static Result Failure(std::string code, std::string message) {
    Result result;
    result.outcome = Outcome::kFailed;
    result.error_code = std::move(code);
    result.error_message = std::move(message);
    return result;
  }
  static Result RetryableFailure(std::string code, std::string message, int64_t retry_after_ms = -1) {
    Result result = Failure(std::move(code), std::move(message));
    result.outcome = Outcome::kFailedRetryable;
    result.retry_after_ms = retry_after_ms;
    return result;
  }
  static Result Cancelled() {
    Result result = Failure("cancelled", "the attempt was cancelled");
    result.outcome = Outcome::kCancelled;
    return result;
  }
};

/// What an action is told of one try. The views are borrowed for the length of the call: copy what you keep.
struct Request {
  std::string_view input;  ///< JSON that satisfies the action's input schema
  std::string_view action;
  std::string_view run_id;
  std::string_view workflow_id;
  std::string_view step_id;
  std::string_view step_name;
  std::string_view idempotency_key;  ///< the same on every try of the step: send it on
  int32_t try_number = 1;
  int64_t timeout_ms = 0;  ///< of this try; 0: none but the action's own
};

namespace detail {
inline orc_text Text(std::string_view text) { return orc_text{text.data(), text.size()}; }
inline std::string_view View(orc_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }

inline Request ToRequest(const orc_request& r) {
  Request request;
  request.input = View(r.input);
  request.action = View(r.action);
  request.run_id = View(r.run_id);
  request.workflow_id = View(r.workflow_id);
  request.step_id = View(r.step_id);
  request.step_name = View(r.step_name);
  request.idempotency_key = View(r.idempotency_key);
  request.try_number = r.try_number;
  request.timeout_ms = r.timeout_ms;
  return request;
}
}  // namespace detail

}  // namespace orchestrator
