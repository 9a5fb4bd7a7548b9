#include "secrets/decoded_text.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace orc {
namespace {

class Builder {
 public:
  Builder(std::string_view source, bool with_begins) : source_(source), with_begins_(with_begins) {
    made_.text.reserve(source.size());
    if (with_begins) made_.begins.reserve(source.size() + 1);
  }
  /// `bytes` take the place of [begin, end) of the source; what is between the last place and this one stays.
  void Replace(size_t begin, size_t end, std::string_view bytes) {
    CopyTo(begin);
    made_.text.append(bytes);
    if (with_begins_) made_.begins.insert(made_.begins.end(), bytes.size(), static_cast<uint32_t>(begin));
    done_ = end;
  }
  std::optional<DecodedText> Take() {
    if (done_ == 0) return std::nullopt;
    CopyTo(source_.size());
    if (with_begins_) made_.begins.push_back(static_cast<uint32_t>(source_.size()));
    return std::move(made_);
  }

 private:
  void CopyTo(size_t end) {
    made_.text.append(source_, done_, end - done_);
    for (; with_begins_ && done_ < end; ++done_) made_.begins.push_back(static_cast<uint32_t>(done_));
    done_ = end;
  }

  const std::string_view source_;
  const bool with_begins_;
  size_t done_ = 0;  // of the source
  DecodedText made_;
};

std::optional<uint32_t> ReadHex(std::string_view text, size_t at, size_t digits) {
  uint32_t value = 0;
  if (at + digits > text.size()) return std::nullopt;
  const auto read = std::from_chars(text.data() + at, text.data() + at + digits, value, 16);
  return read.ec == std::errc() && read.ptr == text.data() + at + digits ? std::optional(value) : std::nullopt;
}

struct Escape {
  std::string bytes = {};
  size_t size = 0;  // in the source; 0: it is none
};

/// The `\uXXXX`, or pair of them, at `at`.
Escape ReadUnicode(std::string_view source, size_t at) {
  constexpr size_t kSize = 6;
  const auto unit = [&](size_t from) {
    return source.substr(from).starts_with("\\u") ? ReadHex(source, from + 2, 4) : std::optional<uint32_t>();
  };
  const auto first = unit(at);
  if (!first) return {};
  Escape escape{{}, kSize};
  uint32_t code = *first;
  if (code >= 0xD800 && code < 0xE000) {
    const auto second = unit(at + kSize);
    if (code >= 0xDC00 || !second || *second < 0xDC00 || *second >= 0xE000) return {};
    code = 0x10000 + ((code - 0xD800) << 10) + (*second - 0xDC00);
    escape.size = 2 * kSize;
  }
  AppendUtf8(escape.bytes, code);
  return escape;
}

Escape ReadEscape(std::string_view source, size_t at) {
  if (at + 1 >= source.size()) return {};
  constexpr std::string_view kNames = "\"\\/bfnrt", kBytes = "\"\\/\b\f\n\r\t";
  const size_t name = kNames.find(source[at + 1]);
  if (name != std::string_view::npos) return {std::string(1, kBytes[name]), 2};
  return ReadUnicode(source, at);
}

/// The first sign of an encoding from `at` on.
size_t FindSign(Encoding encoding, std::string_view source, size_t at) {
  const size_t sign = source.find(encoding == Encoding::kEscapes ? '\\' : '%', at);
  return encoding == Encoding::kPercentAndSpace ? std::min(sign, source.find('+', at)) : sign;
}

Escape ReadSign(Encoding encoding, std::string_view source, size_t at) {
  if (encoding == Encoding::kEscapes) return ReadEscape(source, at);
  if (source[at] == '+') return {" ", 1};
  const auto byte = ReadHex(source, at + 1, 2);
  return byte ? Escape{std::string(1, static_cast<char>(*byte)), 3} : Escape{};
}

}  // namespace

std::optional<DecodedText> Undo(Encoding encoding, std::string_view source, bool with_begins) {
  size_t at = FindSign(encoding, source, 0);
  if (at == std::string_view::npos) return std::nullopt;
  Builder builder(source, with_begins);
  while (at != std::string_view::npos) {
    const Escape escape = ReadSign(encoding, source, at);
    if (escape.size > 0) builder.Replace(at, at + escape.size, escape.bytes);
    at = FindSign(encoding, source, at + std::max<size_t>(1, escape.size));
  }
  return builder.Take();
}

DecodedText Joined(const DecodedText& inner, DecodedText outer) {
  for (uint32_t& begin : outer.begins) begin = inner.begins[begin];
  return outer;
}

}  // namespace orc
