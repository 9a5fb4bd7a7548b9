#include "outbound/call_check.h"

#include <algorithm>
#include <cctype>

namespace orc {
namespace {

constexpr size_t kMaxUrl = 64u << 10;
constexpr size_t kMaxHeaders = 100;
constexpr size_t kMaxHeaderBytes = 64u << 10;

bool IsTokenChar(unsigned char c) {
  return std::isalnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

bool IsToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar); }

/// The name of the character that may not be sent, or "".
std::string_view Forbidden(std::string_view text) {
  const auto at = text.find_first_of(std::string_view("\r\n\0", 3));
  if (at == std::string_view::npos) return {};
  return text[at] == '\r' ? "a carriage return" : text[at] == '\n' ? "a line feed" : "a NUL byte";
}

std::string CheckHeader(const std::string& name, const std::string& value, size_t body_size) {
  const auto in_name = Forbidden(name);
  if (!in_name.empty()) return "the name of a header contains " + std::string(in_name);
  if (!IsToken(name)) return "the header name \"" + name + "\" is not a token (letters, digits and !#$%&'*+-.^_`|~)";
  const auto in_value = Forbidden(value);
  if (!in_value.empty()) return "the value of the header \"" + name + "\" contains " + std::string(in_value);
  if (SameHeaderName(name, "transfer-encoding")) return "the header \"" + name + "\" can't be set: the body is framed by the server";
  if (SameHeaderName(name, "content-length") && value != std::to_string(body_size)) {
    return "the header \"" + name + "\" says \"" + value + "\", but the body has " + std::to_string(body_size) +
           " bytes; leave the header out";
  }
  return {};
}

}  // namespace

bool SameHeaderName(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool IsIdempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS" || method == "TRACE";
}

std::string CheckCall(const HttpCall& call) {
  const auto in_method = Forbidden(call.method);
  if (!in_method.empty()) return "the method contains " + std::string(in_method);
  if (!IsToken(call.method) || call.method.size() > 32) return "the method \"" + call.method + "\" is not a token such as GET or POST";
  if (call.method == "CONNECT") return "the method CONNECT is not a request for a resource";
  const auto in_url = Forbidden(call.url);
  if (!in_url.empty()) return "the URL contains " + std::string(in_url);
  if (call.url.size() > kMaxUrl)
    return "the URL has " + std::to_string(call.url.size()) + " bytes; the limit is " + std::to_string(kMaxUrl);
  if (call.headers.size() > kMaxHeaders) return std::to_string(call.headers.size()) + " headers are more than the limit of 100";
  size_t bytes = 0;
  for (const auto& [name, value] : call.headers) {
    bytes += name.size() + value.size();
    if (auto fault = CheckHeader(name, value, call.body.size()); !fault.empty()) return fault;
  }
  if (bytes > kMaxHeaderBytes)
    return "the headers have " + std::to_string(bytes) + " bytes; the limit is " + std::to_string(kMaxHeaderBytes);
  if (Forbidden(call.ca_file) == "a NUL byte") return "the path of the CA file contains a NUL byte";
  return {};
}

}  // namespace orc
