#include "api/router.h"

#include "api/target.h"

namespace orc {
namespace {

/// True when `pieces` fit `pattern`; `params` gets what stands for the {…}.
bool Fits(std::string_view pattern, const std::vector<std::string>& pieces, std::vector<std::string>& params) {
  params.clear();
  size_t at = 1;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (at > pattern.size()) return false;
    const size_t end = std::min(pattern.find('/', at), pattern.size());
    const std::string_view expected = pattern.substr(at, end - at);
    if (expected.starts_with('{')) {
      if (pieces[i].empty()) return false;
      params.push_back(pieces[i]);
    } else if (expected != pieces[i]) {
      return false;
    }
    at = end + 1;
  }
  return at == pattern.size() + 1;
}

void Allow(std::string& allowed, Method method) {
  if (!allowed.empty()) allowed += ", ";
  allowed += ToText(method);
  if (method == Method::kGet) allowed += ", HEAD";
}

}  // namespace

RouteMatch FindRoute(std::span<const Route> routes, Method method, std::string_view path) {
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  const std::vector<std::string> pieces = SplitPath(path);
  RouteMatch match;
  std::vector<std::string> params;
  for (const Route& route : routes) {
    if (!Fits(route.pattern, pieces, params)) continue;
    if (route.method == wanted) {
      match.route = &route;
      match.params = std::move(params);
      return match;
    }
    Allow(match.allowed, route.method);
  }
  return match;
}

}  // namespace orc
