#include "api/response.h"

#include <array>

namespace orc {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 24> kReasons{{{200, "OK"},
                                                                     {201, "Created"},
                                                                     {202, "Accepted"},
                                                                     {204, "No Content"},
                                                                     {400, "Bad Request"},
                                                                     {401, "Unauthorized"},
                                                                     {403, "Forbidden"},
                                                                     {404, "Not Found"},
                                                                     {405, "Method Not Allowed"},
                                                                     {408, "Request Timeout"},
                                                                     {409, "Conflict"},
                                                                     {412, "Precondition Failed"},
                                                                     {413, "Content Too Large"},
                                                                     {414, "URI Too Long"},
                                                                     {415, "Unsupported Media Type"},
                                                                     {417, "Expectation Failed"},
                                                                     {422, "Unprocessable Content"},
                                                                     {429, "Too Many Requests"},
                                                                     {431, "Request Header Fields Too Large"},
                                                                     {500, "Internal Server Error"},
                                                                     {501, "Not Implemented"},
                                                                     {503, "Service Unavailable"},
                                                                     {505, "HTTP Version Not Supported"},
                                                                     {304, "Not Modified"}}};

// A line break in a value would let whoever chose the value write headers of their own.
void AppendHeaderText(std::string& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
}

void AppendStatusLine(std::string& out, int status) {
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(ReasonOf(status));
  out.append("\r\nServer: orchestrator\r\nX-Content-Type-Options: nosniff\r\n");
}

}  // namespace

std::string_view ReasonOf(int status) {
  for (const auto& [code, reason] : kReasons) {
    if (code == status) return reason;
  }
  return {};
}

std::string Serialize(const Response& response, bool keep_alive, bool head_only) {
  std::string out;
  out.reserve(256 + (head_only ? 0 : response.body.size()));
  AppendStatusLine(out, response.status);
  if (!response.content_type.empty()) out.append("Content-Type: ").append(response.content_type).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    AppendHeaderText(out, name);
    out.append(": ");
    AppendHeaderText(out, value);
    out.append("\r\n");
  }
  if (response.status != 204) out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  out.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  if (!head_only) out.append(response.body);
  return out;
}

std::string SerializeStreamHead() {
  std::string out;
  AppendStatusLine(out, 200);
  out.append("Content-Type: text/event-stream\r\nCache-Control: no-cache\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n");
  return out;
}

}  // namespace orc
