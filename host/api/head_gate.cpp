#include "api/head_gate.h"

#include <charconv>

#include "api/request.h"
#include "api/target.h"

namespace orc {
namespace {

using Fault = std::optional<FramingFault>;

Fault Bad(std::string detail, int status = 400) { return FramingFault{status, std::move(detail)}; }

bool IsTokenChar(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  for (const char c : text) {
    if (!IsTokenChar(c)) return false;
  }
  return !text.empty();
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool HasControls(std::string_view text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return true;
  }
  return false;
}

bool IsHostValue(std::string_view text) {
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain && (c == '\0' || std::string_view("-._~%:[]!$&'()*+,;=").find(c) == std::string_view::npos)) return false;
  }
  return true;
}

Fault CheckVersion(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return {};
  const bool well_formed = version.size() == 8 && version.substr(0, 5) == "HTTP/" && version[6] == '.';
  if (well_formed) return Bad("this server speaks HTTP/1.1 and HTTP/1.0", 505);
  return Bad("the request line does not end with HTTP/1.1");
}

Fault CheckRequestLine(std::string_view line) {
  const size_t first = line.find(' ');
  const size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos) {
    return Bad("the request line is not \"METHOD target HTTP/1.1\" with one space between");
  }
  if (!IsToken(line.substr(0, first))) return Bad("the method is not a token");
  if (auto fault = CheckVersion(line.substr(second + 1))) return fault;
  if (auto problem = CheckTarget(OriginForm(line.substr(first + 1, second - first - 1))); !problem.empty()) return Bad(std::move(problem));
  return {};
}

/// Counts what may come once only.
struct Seen {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
};

Fault TakeLength(std::string_view value, Seen& seen, HeadFacts& facts) {
  if (++seen.lengths > 1) return Bad("more than one Content-Length");
  if (value.empty() || value.size() > 19 || value.find_first_not_of("0123456789") != std::string_view::npos) {
    return Bad("Content-Length is not a plain decimal number");
  }
  uint64_t length = 0;
  std::from_chars(value.data(), value.data() + value.size(), length);
  facts.content_length = length;
  return {};
}

Fault TakeField(std::string_view name, std::string_view value, Seen& seen, HeadFacts& facts) {
  if (EqualsIgnoringCase(name, "content-length")) return TakeLength(value, seen, facts);
  if (EqualsIgnoringCase(name, "transfer-encoding")) {
    if (++seen.encodings > 1) return Bad("more than one Transfer-Encoding");
    if (!EqualsIgnoringCase(value, "chunked")) return Bad("Transfer-Encoding is not exactly \"chunked\"");
    facts.chunked = true;
  } else if (EqualsIgnoringCase(name, "host")) {
    if (++seen.hosts > 1) return Bad("more than one Host");
    if (!IsHostValue(value)) return Bad("Host is not a host name with an optional port");
  } else if (EqualsIgnoringCase(name, "expect")) {
    if (!EqualsIgnoringCase(value, "100-continue")) return Bad("the only expectation that is known is 100-continue", 417);
    facts.expects_continue = true;
  }
  return {};
}

Fault CheckField(std::string_view line, Seen& seen, HeadFacts& facts) {
  if (line.front() == ' ' || line.front() == '\t') return Bad("a header is folded over several lines");
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Bad("a header line without a colon");
  const std::string_view name = line.substr(0, colon);
  if (!IsToken(name)) return Bad("a header name is not a token (a space before the colon counts)");
  const std::string_view value = Trim(line.substr(colon + 1));
  if (HasControls(value)) return Bad("a header value has control characters");
  return TakeField(name, value, seen, facts);
}

Fault CheckTogether(bool is_http_1_0, const Seen& seen, const HeadFacts& facts, const FramingLimits& limits) {
  if (facts.chunked && facts.content_length) return Bad("both Content-Length and Transfer-Encoding");
  if (facts.chunked && is_http_1_0) return Bad("Transfer-Encoding in HTTP/1.0");
  if (!is_http_1_0 && seen.hosts != 1) return Bad("no Host");
  if (facts.content_length.value_or(0) > limits.max_body_bytes) {
    return Bad("the body may have at most " + std::to_string(limits.max_body_bytes) + " bytes", 413);
  }
  return {};
}

}  // namespace

HeadScan ScanHead(std::string_view bytes, size_t from, const FramingLimits& limits) {
  HeadScan scan;
  size_t at = from;
  while ((at = bytes.find('\n', at)) != std::string_view::npos) {
    if (at == 0 || bytes[at - 1] != '\r') {
      scan.fault = Bad("a line of the head ends without CR");
      return scan;
    }
    // "\n" + this "\r\n": the empty line that ends the head.
    if (at == 1 || bytes[at - 2] == '\n') {
      scan.head_size = at + 1;
      break;
    }
    ++at;
  }
  scan.seen = bytes.size();
  const size_t size = scan.head_size > 0 ? scan.head_size : bytes.size();
  if (size > limits.max_head_bytes) {
    scan.fault = Bad("the head of a request may have at most " + std::to_string(limits.max_head_bytes) + " bytes", 431);
  }
  return scan;
}

std::optional<FramingFault> CheckHead(std::string_view head, const FramingLimits& limits, HeadFacts& facts) {
  const size_t first_end = head.find("\r\n");
  if (first_end == std::string_view::npos || first_end == 0) return Bad("an empty request line");
  const std::string_view line = head.substr(0, first_end);
  if (HasControls(line)) return Bad("the request line has control characters");
  if (auto fault = CheckRequestLine(line)) return fault;
  Seen seen;
  size_t count = 0;
  for (size_t at = first_end + 2; at < head.size();) {
    const size_t end = head.find("\r\n", at);
    if (end == std::string_view::npos || end == at) break;
    if (++count > limits.max_headers) return Bad("more than " + std::to_string(limits.max_headers) + " headers", 431);
    if (auto fault = CheckField(head.substr(at, end - at), seen, facts)) return fault;
    at = end + 2;
  }
  return CheckTogether(line.ends_with("1.0"), seen, facts, limits);
}

}  // namespace orc
