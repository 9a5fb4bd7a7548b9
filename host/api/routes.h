// The one table of routes.
#pragma once

#include <span>
#include <string_view>

#include "api/context.h"

namespace orc {

/// What a route's body must be.
enum class BodyKind : uint8_t { kNone, kJson, kOptionalJson, kAny };

inline constexpr std::string_view kAnyQuery = "*";

struct Route {
  Method method;
  std::string_view pattern;  // "/v1/runs/{id}/approve": each {…} is one piece of the path
  BodyKind body;
  Answer (*handle)(Call& call);
  std::string_view query = {};  // the names of its query parameters, a space between; any other is refused. kAnyQuery: all are taken
};

std::span<const Route> Routes();

}  // namespace orc
