#include "sse_parser.h"

namespace orc::chat {

void SseParser::Feed(std::string_view piece) {
  if (piece.empty()) return;
  if (after_cr_ && piece.front() == '\n') piece.remove_prefix(1);  // the CRLF was cut in two
  after_cr_ = false;
  while (!piece.empty()) {
    const size_t end = piece.find_first_of("\r\n");
    if (end == std::string_view::npos) {
      line_.append(piece);
      return;
    }
    if (line_.empty()) {
      TakeLine(piece.substr(0, end));
    } else {
      line_.append(piece.substr(0, end));
      TakeLine(line_);
      line_.clear();
    }
    const bool is_cr = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (is_cr && piece.starts_with('\n')) {
      piece.remove_prefix(1);
    } else if (is_cr && piece.empty()) {
      after_cr_ = true;
    }
  }
}

void SseParser::Finish() {
  if (!line_.empty()) TakeLine(line_);
  line_.clear();
  EndEvent();
}

void SseParser::TakeLine(std::string_view line) {
  if (at_start_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  at_start_ = false;
  if (line.empty()) return EndEvent();
  const size_t colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_.append(value);
  has_data_ = true;
}

void SseParser::EndEvent() {
  if (!has_data_) return;
  on_data_(data_);
  data_.clear();
  has_data_ = false;
}

}  // namespace orc::chat
