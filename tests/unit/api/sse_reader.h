// Reads an event stream as a browser would.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unit/api/raw_client.h"

namespace orc::test {

struct SseEvent {
  int64_t id = -1;
  std::string type;  // "" is the default
  std::string data;
};

class SseReader {
 public:
  /// Sends the GET; `last_id` < 0 sends no Last-Event-ID.
  SseReader(uint16_t port, const std::string& target, int64_t last_id = -1);
  /// The next event; its type is "closed" when the stream ended or nothing came for ten seconds.
  SseEvent Next();
  /// Everything up to `event: end` or the close; the last one is that.
  std::vector<SseEvent> ReadAll();
  RawClient& client() { return client_; }
  const std::string& head() const { return head_; }
  int comments() const { return comments_; }

 private:
  RawClient client_;
  std::string head_;
  int comments_ = 0;
};

}  // namespace orc::test
