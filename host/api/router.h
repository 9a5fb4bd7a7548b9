// From a path to its route.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/routes.h"

namespace orc {

struct RouteMatch {
  const Route* route = nullptr;     // null: no such path, or not with this method
  std::vector<std::string> params;  // of `route`
  std::string allowed;              // "GET, HEAD, POST": what the path takes; "" when there is no such path
};

/// A HEAD is matched as a GET. Strict about slashes: "/v1/runs/" is not "/v1/runs".
RouteMatch FindRoute(std::span<const Route> routes, Method method, std::string_view path);

}  // namespace orc
