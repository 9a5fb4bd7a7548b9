#include "outbound/redirect.h"

#include <algorithm>
#include <cctype>

#include "outbound/call_check.h"

namespace orc {
namespace {

bool DescribesBody(std::string_view name) {
  return SameHeaderName(name, "content-type") || SameHeaderName(name, "content-length") || SameHeaderName(name, "content-encoding") ||
         SameHeaderName(name, "content-language") || SameHeaderName(name, "content-location");
}

bool BecomesGet(int32_t status, std::string_view method) {
  if (status == 303) return method != "GET" && method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

template <typename Predicate>
void DropHeaders(HttpCall& call, Predicate drop) {
  std::erase_if(call.headers, [&](const auto& header) { return drop(header.first); });
}

}  // namespace

bool IsRedirect(int32_t status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

bool IsCredential(std::string_view header_name) {
  std::string name(header_name);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view part : {"authorization", "cookie", "token", "secret", "api-key", "apikey", "password", "signature"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

void Redirect(HttpCall& call, int32_t status, const Url& from, const Url& to) {
  if (BecomesGet(status, call.method)) {
    call.method = "GET";
    call.body.clear();
    DropHeaders(call, DescribesBody);
  }
  if (from.origin() != to.origin()) {
    DropHeaders(call, [](std::string_view name) { return IsCredential(name) || SameHeaderName(name, "host"); });
  }
}

}  // namespace orc
