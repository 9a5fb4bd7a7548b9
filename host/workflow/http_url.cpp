#include "workflow/http_url.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"

namespace orc {
namespace {

constexpr int kMaxPort = 65'535;

bool IsHttp(std::string_view scheme) {
  std::string lower(scheme);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower == "http" || lower == "https";
}

/// "" or what is wrong with what follows the host's colon; an empty port means the default.
std::string JudgePort(std::string_view port) {
  int number = 0;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool good = fault == std::errc() && end == port.data() + port.size() && number >= 0 && number <= kMaxPort;
  return good || port.empty() ? "" : "names the port \"" + std::string(port) + "\", expected a number up to " + std::to_string(kMaxPort);
}

}  // namespace

std::string JudgeHttpUrl(std::string_view url) {
  const size_t colon = url.find("://");
  if (colon == std::string_view::npos || !IsHttp(url.substr(0, colon)))
    return "must be an http:// or https:// URL, found " + DescribeJson(Json(boost::json::string(url.data(), url.size())));
  if (std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
    return "must not hold white space or control characters";
  const std::string_view rest = url.substr(colon + 3);
  std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  // Some parsers end the host there, others read on to the "@".
  if (host.find('\\') != std::string_view::npos) return "must not hold a backslash before its path";
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  // The colons inside of [::1] are the address's own.
  const size_t address_end = host.starts_with('[') ? host.find(']') : 0;
  if (address_end == std::string_view::npos) return "names an address that lacks its \"]\"";
  const size_t port = host.find(':', address_end);
  if (host.substr(0, port).empty() || host.starts_with("[]")) return "names no host";
  return port == std::string_view::npos ? "" : JudgePort(host.substr(port + 1));
}

}  // namespace orc
