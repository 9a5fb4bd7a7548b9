#include "unit/api/sse_reader.h"

namespace orc::test {

SseReader::SseReader(uint16_t port, const std::string& target, int64_t last_id) : client_(port) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (last_id >= 0) headers.emplace_back("Last-Event-ID", std::to_string(last_id));
  client_.Send(MakeRequest("GET", target, "", headers));
  head_ = client_.ReadUntil("\r\n\r\n");
}

SseEvent SseReader::Next() {
  for (;;) {
    const std::string block = client_.ReadUntil("\n\n");
    if (!block.ends_with("\n\n")) return {-1, "closed", block};
    SseEvent event;
    bool has_data = false;
    for (size_t at = 0; at < block.size();) {
      const size_t end = block.find('\n', at);
      const std::string line = block.substr(at, end - at);
      at = end + 1;
      if (line.starts_with(":")) ++comments_;
      if (line.starts_with("id: ")) event.id = std::stoll(line.substr(4));
      if (line.starts_with("event: ")) event.type = line.substr(7);
      if (!line.starts_with("data: ")) continue;
      if (has_data) event.data += "\n";
      event.data += line.substr(6);
      has_data = true;
    }
    if (has_data) return event;
  }
}

std::vector<SseEvent> SseReader::ReadAll() {
  std::vector<SseEvent> events;
  do {
    events.push_back(Next());
  } while (events.back().type != "end" && events.back().type != "closed");
  return events;
}

}  // namespace orc::test
