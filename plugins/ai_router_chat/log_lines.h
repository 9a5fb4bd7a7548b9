// Bits of text made into lines that are fit for a log.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace orc::chat {

/// Gives a line at each line break, and, where none comes, at a space after about 200 bytes. Never cuts a character in two. Empty
/// lines are left out. One thread.
class LogLines {
 public:
  using OnLine = std::function<void(std::string_view line)>;
  explicit LogLines(OnLine on_line) : on_line_(std::move(on_line)) {}

  void Add(std::string_view text);
  /// What is left becomes the last line.
  void Flush();

 private:
  void CutLong();
  void Emit(size_t size, size_t skip);

  OnLine on_line_;
  std::string buffer_;
};

}  // namespace orc::chat
