#include "log_lines.h"

namespace orc::chat {
namespace {

constexpr size_t kLong = 200;
constexpr size_t kTooLong = 400;  // without any space: cut there

bool IsInsideCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

void LogLines::Add(std::string_view text) {
  buffer_.append(text);
  for (size_t end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n')) {
    Emit(end > 0 && buffer_[end - 1] == '\r' ? end - 1 : end, end + 1);
  }
  CutLong();
}

void LogLines::CutLong() {
  while (buffer_.size() > kLong) {
    const size_t space = buffer_.find(' ', kLong);
    if (space != std::string::npos && space < kTooLong) {
      Emit(space, space + 1);
    } else if (buffer_.size() > kTooLong) {
      size_t end = kTooLong;
      while (end > kTooLong - 4 && IsInsideCharacter(buffer_[end])) --end;
      Emit(end, end);
    } else {
      return;  // a space may still come
    }
  }
}

void LogLines::Emit(size_t size, size_t skip) {
  if (size > 0) on_line_(std::string_view(buffer_).substr(0, size));
  buffer_.erase(0, skip);
}

void LogLines::Flush() {
  if (!buffer_.empty()) on_line_(buffer_);
  buffer_.clear();
}

}  // namespace orc::chat
