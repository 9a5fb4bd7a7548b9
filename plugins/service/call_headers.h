// The headers of a call: the step's own first, then the configured ones, then what every call carries.
#pragma once

#include <orchestrator/action.hpp>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "service/settings.h"

namespace orc::service {

/// A header that the step sets is never set again. Configured headers go only to the origin of the configured base_url, so that a step
/// with a `url` of its own can't carry their credentials elsewhere. kInvalid names the header that is no text.
Result<void> SetHeaders(orchestrator::HttpRequest& call, const JsonObject& input, const Settings& settings,
                        std::string_view idempotency_key);

/// Case does not count.
bool EqualNames(std::string_view a, std::string_view b);

bool HasHeader(const orchestrator::HttpRequest& call, std::string_view name);

}  // namespace orc::service
