#include "service/call_headers.h"

#include <algorithm>
#include <cctype>

#include "service/call.h"
#include "service/url.h"

namespace orc::service {
namespace {

Error Invalid(const std::string& field, const Json& found, std::string_view expected) {
  return Error{ErrorCode::kInvalid, field + " is " + DescribeJson(found) + "; " + std::string(expected) + " is expected"};
}

Result<void> AddOwn(orchestrator::HttpRequest& call, const JsonObject& input) {
  const Json* headers = input.if_contains("headers");
  if (headers == nullptr || headers->is_null()) return {};
  if (!headers->is_object()) return Invalid("input.headers", *headers, "an object");
  for (const auto& header : headers->get_object()) {
    const Json& value = header.value();
    if (value.is_null()) continue;
    // "{{ context.n }}" may well be a number.
    if (value.is_object() || value.is_array()) return Invalid("input.headers." + std::string(header.key()), value, "a string");
    call.headers.emplace_back(header.key(), value.is_string() ? std::string(value.get_string()) : PrintJson(value));
  }
  return {};
}

}  // namespace

bool EqualNames(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool HasHeader(const orchestrator::HttpRequest& call, std::string_view name) {
  return std::any_of(call.headers.begin(), call.headers.end(), [&](const auto& header) { return EqualNames(header.first, name); });
}

void SetDefaultHeader(orchestrator::HttpRequest& call, std::string_view name, std::string_view value) {
  if (!HasHeader(call, name)) call.headers.emplace_back(name, value);
}

Result<void> SetHeaders(orchestrator::HttpRequest& call, const JsonObject& input, const Settings& settings,
                        std::string_view idempotency_key) {
  ORC_RETURN_IF_ERROR(AddOwn(call, input));
  if (!settings.base_url.empty() && OriginOf(settings.base_url) == OriginOf(call.url)) {
    for (const auto& [name, value] : settings.headers) SetDefaultHeader(call, name, value);
  }
  SetDefaultHeader(call, "User-Agent", "orchestrator/" ORC_VERSION);
  if (!idempotency_key.empty()) SetDefaultHeader(call, "Idempotency-Key", idempotency_key);
  call.safe_to_resend = HasHeader(call, "Idempotency-Key");
  return {};
}

}  // namespace orc::service
