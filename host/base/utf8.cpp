#include "base/utf8.h"

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

}  // namespace orc
