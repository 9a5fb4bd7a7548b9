#include "store/json_rows.h"

#include <charconv>

#include "base/json.h"

namespace orc {
namespace {

// What a buffer may keep from one batch to the next.
constexpr size_t kKeptBytes = 256u << 10;

}  // namespace

JsonRows& JsonRows::Row() {
  text_ += count_ == 0 ? "[[" : "],[";
  ++count_;
  return *this;
}

void JsonRows::Separate() {
  if (text_.back() != '[') text_ += ',';
}

JsonRows& JsonRows::Text(std::string_view text) {
  Separate();
  if (text.find('\0') == std::string_view::npos) {
    AppendJsonString(text_, text);
  } else {
    AppendJsonString(text_, ToStorableText(text));
  }
  return *this;
}

JsonRows& JsonRows::Int(int64_t number) {
  Separate();
  char digits[24];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  text_.append(digits, end);
  return *this;
}

JsonRows& JsonRows::Null() {
  Separate();
  text_ += "null";
  return *this;
}

std::string_view JsonRows::Finish() {
  text_ += count_ == 0 ? "[]" : "]]";
  return text_;
}

void JsonRows::Clear() {
  count_ = 0;
  text_.clear();
  if (text_.capacity() > kKeptBytes) text_.shrink_to_fit();
}

}  // namespace orc
