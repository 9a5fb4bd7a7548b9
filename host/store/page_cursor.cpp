#include "store/page_cursor.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace orc {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kMaxCursorBytes = 512;

std::string ToBase64Url(std::string_view bytes) {
  std::string out;
  uint32_t pending = 0;
  int bits = 0;
  for (unsigned char byte : bytes) {
    pending = pending << 8 | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[pending >> bits & 63];
    }
  }
  if (bits > 0) out += kAlphabet[pending << (6 - bits) & 63];
  return out;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  std::string out;
  uint32_t pending = 0;
  int bits = 0;
  for (char c : text) {
    size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    pending = pending << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(pending >> bits & 255);
    }
  }
  return out;
}

/// Takes the part of `rest` up to the next '|' off its front.
std::string_view TakePart(std::string_view& rest) {
  size_t end = rest.find('|');
  std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

template <typename T>
bool TakeNumber(std::string_view& rest, T& out) {
  std::string_view part = TakePart(rest);
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
  return error == std::errc() && end == part.data() + part.size();
}

}  // namespace

std::string EncodeCursor(char list, const PagePosition& position) {
  std::string plain(1, list);
  plain += '|' + std::to_string(position.number) + '|' + std::to_string(position.step) + '|' + std::to_string(position.item) + '|';
  plain += position.id;
  return ToBase64Url(plain);
}

Result<PagePosition> DecodeCursor(char list, const std::string& cursor) {
  PagePosition position;
  std::optional<std::string> plain = cursor.size() <= kMaxCursorBytes ? FromBase64Url(cursor) : std::nullopt;
  if (plain) {
    std::string_view rest = *plain;
    bool good = TakePart(rest) == std::string_view(&list, 1) && TakeNumber(rest, position.number) && TakeNumber(rest, position.step) &&
                TakeNumber(rest, position.item);
    position.id = rest;
    // Only the very text that was given out is taken: no second spelling of one position.
    if (good && EncodeCursor(list, position) == cursor) return position;
  }
  return Error{ErrorCode::kUnreadable, "cursor: not one that this list gave out; pass the next_cursor of the page before, as it was"};
}

}  // namespace orc
