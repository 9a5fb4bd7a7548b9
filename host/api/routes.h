// The one table of routes.
#pragma once

#include <span>
#include <string_view>

#include "api/context.h"

namespace orc {

/// What a route's body must be.
enum class BodyKind : uint8_t { kNone, kJson, kOptionalJson, kAny };

struct Route {
  Method method;
  std::string_view pattern;  // "/v1/runs/{id}/approve": each {…} is one piece of the path
  BodyKind body;
  Answer (*handle)(Call& call);
};

std::span<const Route> Routes();

}  // namespace orc
