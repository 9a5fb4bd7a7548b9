// Server-sent events, piece by piece as they come from the wire.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace orc::chat {

/// Reads the `data` of events; comments and other fields are skipped. Pieces may end anywhere: within a line, a line break or a
/// character. CR, LF and CRLF end lines. Text that is no event stream gives nothing. One thread.
class SseParser {
 public:
  using OnData = std::function<void(std::string_view data)>;
  explicit SseParser(OnData on_data) : on_data_(std::move(on_data)) {}

  void Feed(std::string_view piece);
  /// The stream is over: an event without its blank line counts too (many servers leave that out).
  void Finish();

 private:
  void TakeLine(std::string_view line);
  void EndEvent();

  OnData on_data_;
  std::string line_;  // the begun one
  std::string data_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
};

}  // namespace orc::chat
