// From the input of a step to the HTTP call it asks for.
#pragma once

#include <orchestrator/action.hpp>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "service/settings.h"

namespace orc::service {

/// How an action finds its service when the step names no `url`.
struct Target {
  std::string_view base_url_setting;  // "memarch.base_url", for the message
  std::string_view default_method = "POST";
  bool takes_path = false;   // the input's `path` goes below base_url, or below `url`
  bool takes_query = false;  // the input's `query` (an object) goes into the URL
};

/// The input as an object; kInvalid otherwise.
Result<JsonObject> ReadInput(std::string_view input);

/// The call that the fields common to all actions describe: url, method, headers, body, timeout_ms, verify_tls, ca_file,
/// follow_redirects (and path and query, where `target` takes them). A `body` that is text is sent as it is, any other but null as JSON.
/// Adds User-Agent and Idempotency-Key where the step sets none. kInvalid names the field and what was expected.
Result<orchestrator::HttpRequest> BuildCall(const JsonObject& input, const Settings& settings, const Target& target,
                                            const orchestrator::Request& request);

/// Whether the step brings a body of its own, which is then all that is sent.
bool HasOwnBody(const JsonObject& input);

/// Whether BuildCall reads the field itself, so that it does not belong to the service's own parameters.
bool IsCallField(std::string_view name);

/// The input without the call's fields: what goes to a service as its parameters, in the same order.
JsonObject Parameters(const JsonObject& input);

/// Sends `json`, as application/json unless a Content-Type is set.
void SetJsonBody(orchestrator::HttpRequest& call, const Json& json);

/// Adds the header unless the call has it.
void SetDefaultHeader(orchestrator::HttpRequest& call, std::string_view name, std::string_view value);

}  // namespace orc::service
