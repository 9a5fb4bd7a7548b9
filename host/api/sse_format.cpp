#include "api/sse_format.h"

namespace orc {

void AppendSseEvent(std::string& out, int64_t id, std::string_view data) {
  out.append("id: ").append(std::to_string(id)).append("\n");
  for (;;) {
    const size_t end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  out.append("\n");
}

std::string_view SseGreeting() { return "retry: 1000\n\n"; }

std::string SseEnd(std::string_view data) { return "event: end\ndata: " + std::string(data) + "\n\n"; }

}  // namespace orc
