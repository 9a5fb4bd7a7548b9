#include "secrets/decoded_text.h"

#include <charconv>

#include "base/utf8.h"

namespace orc {
namespace {

class Builder {
 public:
  explicit Builder(std::string_view source) : source_(source) {
    made_.text.reserve(source.size());
    made_.begins.reserve(source.size() + 1);
  }
  void Add(std::string_view bytes, size_t from) {
    made_.text.append(bytes);
    made_.begins.insert(made_.begins.end(), bytes.size(), static_cast<uint32_t>(from));
  }
  /// The source's own bytes.
  void Copy(size_t begin, size_t end) {
    made_.text.append(source_, begin, end - begin);
    for (size_t at = begin; at < end; ++at) made_.begins.push_back(static_cast<uint32_t>(at));
  }
  DecodedText Take() {
    made_.begins.push_back(static_cast<uint32_t>(source_.size()));
    return std::move(made_);
  }

 private:
  const std::string_view source_;
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

}  // namespace

std::optional<DecodedText> UndoPercent(std::string_view source, bool plus_is_space) {
  const std::string_view signs = plus_is_space ? "%+" : "%";
  if (source.find_first_of(signs) == std::string_view::npos) return std::nullopt;
  Builder builder(source);
  size_t done = 0;
  bool is_changed = false;
  for (size_t at = source.find_first_of(signs); at != std::string_view::npos; at = source.find_first_of(signs, at)) {
    const auto byte = source[at] == '%' ? ReadHex(source, at + 1, 2) : std::optional<uint32_t>(' ');
    const size_t size = !byte || source[at] != '%' ? 1 : 3;
    if (byte) {
      builder.Copy(done, at);
      const char decoded = static_cast<char>(*byte);
      builder.Add({&decoded, 1}, at);
      done = at + size;
      is_changed = true;
    }
    at += size;
  }
  if (!is_changed) return std::nullopt;
  builder.Copy(done, source.size());
  return builder.Take();
}

std::optional<DecodedText> UndoEscapes(std::string_view source) {
  size_t at = source.find('\\');
  if (at == std::string_view::npos) return std::nullopt;
  Builder builder(source);
  size_t done = 0;
  bool is_changed = false;
  for (; at != std::string_view::npos; at = source.find('\\', at)) {
    const Escape escape = ReadEscape(source, at);
    if (escape.size == 0) {
      ++at;
      continue;
    }
    builder.Copy(done, at);
    builder.Add(escape.bytes, at);
    at += escape.size;
    done = at;
    is_changed = true;
  }
  if (!is_changed) return std::nullopt;
  builder.Copy(done, source.size());
  return builder.Take();
}

DecodedText Joined(const DecodedText& inner, DecodedText outer) {
  for (uint32_t& begin : outer.begins) begin = inner.begins[begin];
  return outer;
}

}  // namespace orc
