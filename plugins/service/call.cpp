#include "service/call.h"

#include <algorithm>
#include <cctype>

#include "service/call_headers.h"
#include "service/url.h"

namespace orc::service {
namespace {

using orchestrator::HttpRequest;

constexpr int64_t kDefaultTimeoutMs = 30'000;
constexpr int64_t kMaxTimeoutMs = 86'400'000;

Error Invalid(std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; }

Error WrongType(std::string_view field, const Json& found, std::string_view expected) {
  return Invalid("input." + std::string(field) + " is " + DescribeJson(found) + "; " + std::string(expected) + " is expected");
}

/// The field's text; "" when it is absent or null.
Result<std::string_view> TextField(const JsonObject& input, std::string_view field) {
  const Json* value = input.if_contains(field);
  if (value == nullptr || value->is_null()) return std::string_view();
  if (!value->is_string()) return WrongType(field, *value, "a string");
  return std::string_view(value->get_string());
}

Result<int64_t> IntField(const JsonObject& input, std::string_view field, int64_t fallback, int64_t least, int64_t most) {
  const Json* value = input.if_contains(field);
  if (value == nullptr || value->is_null()) return fallback;
  const auto number = value->is_int64() ? std::optional<int64_t>(value->get_int64()) : std::nullopt;
  if (!number || *number < least || *number > most) {
    return WrongType(field, *value, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return *number;
}

Result<bool> BoolField(const JsonObject& input, std::string_view field, bool fallback) {
  const Json* value = input.if_contains(field);
  if (value == nullptr || value->is_null()) return fallback;
  if (!value->is_bool()) return WrongType(field, *value, "true or false");
  return value->get_bool();
}

Result<std::string> BaseOf(const JsonObject& input, const Settings& settings, const Target& target) {
  ORC_ASSIGN_OR_RETURN(const std::string_view own, TextField(input, "url"));
  ORC_ASSIGN_OR_RETURN(const std::string_view path, TextField(input, target.takes_path ? "path" : ""));
  if (!own.empty()) {
    auto url = CheckUrl(own);
    if (!url.ok()) return Invalid("input.url: " + url.error().message);
    if (path.empty()) return url;
    return JoinPath(*url, path);
  }
  if (settings.base_url.empty()) {
    std::string message = "input.url is missing";
    if (!target.base_url_setting.empty()) {
      message += ", and no " + std::string(target.base_url_setting) + " is configured: give the step a \"url\", or set " +
                 std::string(target.base_url_setting) + " in the server's configuration";
    }
    return Invalid(std::move(message));
  }
  return JoinPath(settings.base_url, path.empty() ? std::string_view(settings.path) : path);
}

Result<void> AddQueryValue(std::string& url, std::string_view name, const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) {
    url = AddQuery(std::move(url), name, value.get_string());
  } else if (value.is_array()) {
    for (const Json& item : value.get_array()) {
      if (item.is_array()) return WrongType("query." + std::string(name), item, "a string, a number or a boolean");
      ORC_RETURN_IF_ERROR(AddQueryValue(url, name, item));
    }
  } else if (value.is_object()) {
    return WrongType("query." + std::string(name), value, "a string, a number, a boolean or an array of them");
  } else {
    url = AddQuery(std::move(url), name, PrintJson(value));
  }
  return {};
}

Result<void> AddQueryField(std::string& url, const JsonObject& input) {
  const Json* query = input.if_contains("query");
  if (query == nullptr || query->is_null()) return {};
  if (!query->is_object()) return WrongType("query", *query, "an object");
  for (const auto& pair : query->get_object()) ORC_RETURN_IF_ERROR(AddQueryValue(url, pair.key(), pair.value()));
  return {};
}

Result<void> SetLimits(HttpRequest& call, const JsonObject& input, const Settings& settings, const orchestrator::Request& request) {
  int64_t timeout_ms = settings.timeout_ms > 0 ? settings.timeout_ms : kDefaultTimeoutMs;
  if (request.timeout_ms > 0) timeout_ms = request.timeout_ms;  // the step's own time-out counts before the defaults
  ORC_ASSIGN_OR_RETURN(call.timeout_ms, IntField(input, "timeout_ms", timeout_ms, 1, kMaxTimeoutMs));
  ORC_ASSIGN_OR_RETURN(const int64_t redirects, IntField(input, "follow_redirects", 0, 0, 3));
  call.max_redirects = static_cast<int32_t>(redirects);
  ORC_ASSIGN_OR_RETURN(call.verify_tls, BoolField(input, "verify_tls", settings.verify_tls));
  ORC_ASSIGN_OR_RETURN(const std::string_view ca_file, TextField(input, "ca_file"));
  call.ca_file = ca_file.empty() ? settings.ca_file : std::string(ca_file);
  call.max_response_bytes = settings.max_response_bytes;
  return {};
}

}  // namespace

Result<JsonObject> ReadInput(std::string_view input) {
  ORC_ASSIGN_OR_RETURN(Json json, ParseJson(input.empty() ? "{}" : input));
  if (!json.is_object()) return Invalid("the input is " + DescribeJson(json) + "; an object is expected");
  return std::move(json.get_object());
}

bool HasOwnBody(const JsonObject& input) {
  const Json* body = input.if_contains("body");
  return body != nullptr && !body->is_null();
}

bool IsCallField(std::string_view name) {
  static constexpr std::string_view kFields[] = {"url",        "method",     "headers", "body",
                                                 "timeout_ms", "verify_tls", "ca_file", "follow_redirects"};
  return std::find(std::begin(kFields), std::end(kFields), name) != std::end(kFields);
}

JsonObject Parameters(const JsonObject& input) {
  JsonObject parameters;
  for (const auto& field : input) {
    if (!IsCallField(field.key())) parameters.emplace(field.key(), field.value());
  }
  return parameters;
}

Result<HttpRequest> BuildCall(const JsonObject& input, const Settings& settings, const Target& target,
                              const orchestrator::Request& request) {
  HttpRequest call;
  ORC_ASSIGN_OR_RETURN(call.url, BaseOf(input, settings, target));
  if (target.takes_query) ORC_RETURN_IF_ERROR(AddQueryField(call.url, input));
  ORC_ASSIGN_OR_RETURN(const std::string_view method, TextField(input, "method"));
  call.method = method.empty() ? target.default_method : method;
  std::transform(call.method.begin(), call.method.end(), call.method.begin(), [](unsigned char c) { return std::toupper(c); });
  ORC_RETURN_IF_ERROR(SetLimits(call, input, settings, request));
  ORC_RETURN_IF_ERROR(SetHeaders(call, input, settings, request.idempotency_key));
  if (HasOwnBody(input)) {
    const Json& body = *input.if_contains("body");
    if (body.is_string()) {
      call.body = body.get_string();
    } else {
      SetJsonBody(call, body);
    }
  }
  return call;
}

void SetJsonBody(HttpRequest& call, const Json& json) {
  call.body = PrintJson(json);
  SetDefaultHeader(call, "Content-Type", "application/json");
}

}  // namespace orc::service
