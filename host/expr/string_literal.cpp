#include "expr/string_literal.h"

#include "base/utf8.h"

namespace orc {
namespace {

Error Fault(std::string why) { return Error{ErrorCode::kInvalid, std::move(why)}; }

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/// `count` digits at `at`, which moves behind them.
Result<uint32_t> ReadDigits(std::string_view body, size_t& at, size_t count, int base) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i, ++at) {
    const int digit = at < body.size() ? DigitOf(body[at]) : 99;
    if (digit >= base) return Fault("the escape needs " + std::to_string(count) + (base == 8 ? " octal digits" : " hexadecimal digits"));
    value = value * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
  }
  return value;
}

Result<void> AppendCode(std::string& out, uint32_t code) {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return Fault("the escape is no character of Unicode");
  AppendUtf8(out, code);
  return {};
}

/// Reads the escape whose letter is at `at`.
Result<void> ReadEscape(std::string_view body, size_t& at, bool is_bytes, std::string& out) {
  constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";
  const char letter = at < body.size() ? body[at] : '\0';
  if (const size_t simple = letter == '\0' ? std::string_view::npos : kLetters.find(letter); simple != std::string_view::npos) {
    out += kMeanings[simple];
    ++at;
    return {};
  }
  const bool is_octal = letter >= '0' && letter <= '3';
  const bool is_hex = letter == 'x' || letter == 'X';
  if ((letter == 'u' || letter == 'U') && is_bytes) return Fault("bytes have no \\u escapes");
  if (!is_octal && !is_hex && letter != 'u' && letter != 'U') return Fault("this escape is not known");
  if (!is_octal) ++at;
  const size_t count = is_octal ? 3 : is_hex ? 2 : letter == 'u' ? 4 : 8;
  ORC_ASSIGN_OR_RETURN(const uint32_t code, ReadDigits(body, at, count, is_octal ? 8 : 16));
  if (!is_bytes) return AppendCode(out, code);
  if (code > 0xff) return Fault("a byte is at most \\377");
  out += static_cast<char>(code);
  return {};
}

}  // namespace

Result<std::string> ReadEscapes(std::string_view body, bool is_bytes) {
  std::string out;
  out.reserve(body.size());
  for (size_t at = 0; at < body.size();) {
    if (body[at] != '\\') {
      out += body[at++];
      continue;
    }
    ++at;
    ORC_RETURN_IF_ERROR(ReadEscape(body, at, is_bytes, out));
  }
  return out;
}

}  // namespace orc
