#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace orc {
namespace {

bool IsTail(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// The smallest and largest second byte that may follow `lead` in a character of three or four bytes.
bool SecondFits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return IsTail(second);
  }
}

}  // namespace

size_t Utf8Length(std::string_view text, size_t position) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const size_t left = text.size() - position;
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && IsTail(at(1)) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) return left >= 3 && SecondFits(lead, at(1)) && IsTail(at(2)) ? 3 : 0;
  if (lead >= 0xF0 && lead <= 0xF4) return left >= 4 && SecondFits(lead, at(1)) && IsTail(at(2)) && IsTail(at(3)) ? 4 : 0;
  return 0;
}

size_t FindBadUtf8(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    // Eight plain bytes at a time: most text is ASCII.
    if (uint64_t word = 0; i + 8 <= text.size() && (std::memcpy(&word, text.data() + i, 8), (word & 0x8080808080808080ull) == 0)) {
      i += 8;
      continue;
    }
    const size_t length = Utf8Length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

std::string Shortened(std::string text, size_t most) {
  if (text.size() <= most) return text;
  size_t cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
  return text.substr(0, cut) + "…";
}

void AppendUtf8(std::string& text, uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::u32string DecodeUtf8(std::string_view text) {
  std::u32string decoded;
  for (size_t at = 0; at < text.size();) {
    const size_t length = std::max<size_t>(1, Utf8Length(text, at));
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
    uint32_t code = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
    for (size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3f);
    decoded += static_cast<char32_t>(code);
    at += length;
  }
  return decoded;
}

std::string EncodeUtf8(std::u32string_view text) {
  std::string encoded;
  for (const char32_t code : text) AppendUtf8(encoded, code);
  return encoded;
}

size_t CountUtf8(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !IsTail(static_cast<unsigned char>(c)); }));
}

}  // namespace orc
