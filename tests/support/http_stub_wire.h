// HTTP/1.1 text in and out, for HttpStub.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "support/http_stub.h"

namespace orc::test::wire {

inline StubRequest ParseHead(std::string_view head) {
  StubRequest request;
  const std::string line(head.substr(0, head.find("\r\n")));
  const auto first = line.find(' ');
  const auto second = line.rfind(' ');
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  request.path = request.target.substr(0, request.target.find('?'));
  for (size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto field = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name(field.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char ch) { return std::tolower(ch); });
    auto value = field.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    request.headers[name] = value;
  }
  return request;
}

inline std::string HeadOf(const StubAnswer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers) head += name + ": " + value + "\r\n";
  const bool bodiless = answer.status == 204 || answer.status == 304;
  if (!answer.chunks.empty()) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!bodiless) {
    head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  }
  if (answer.close) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace orc::test::wire
