#include "secrets/secret_forms.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace orc {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kForUrls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters that follow from `value` alone when `before` bytes (0 to 2) of something else stand before it in its group of three.
std::string Base64Core(std::string_view value, size_t before, std::string_view alphabet) {
  constexpr size_t kByte = 8, kCharacter = 6;
  const size_t first_bit = before * kByte, end_bit = first_bit + value.size() * kByte;
  std::string core;
  for (size_t bit = (first_bit + kCharacter - 1) / kCharacter * kCharacter; bit + kCharacter <= end_bit; bit += kCharacter) {
    uint32_t sextet = 0;
    for (size_t i = bit; i < bit + kCharacter; ++i) {
      const auto byte = static_cast<unsigned char>(value[(i - first_bit) / kByte]);
      sextet = sextet << 1 | (byte >> (kByte - 1 - i % kByte) & 1u);
    }
    core += alphabet[sextet];
  }
  return core;
}

std::string Hex(std::string_view value, std::string_view digits) {
  std::string text;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    text += {digits[byte >> 4], digits[byte & 15]};
  }
  return text;
}

std::string Cased(std::string_view value, int (*to)(int)) {
  std::string text(value);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(to(static_cast<unsigned char>(c)));
  }
  return text;
}

/// Those that are long enough to be nobody else's, without the rules around a key in PEM.
std::vector<std::string> LinesOf(std::string_view value) {
  constexpr size_t kLeast = 16;
  std::vector<std::string> lines;
  if (value.find('\n') == std::string_view::npos) return lines;
  for (size_t at = 0; at < value.size();) {
    const size_t end = std::min(value.find('\n', at), value.size());
    std::string_view line = value.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() >= kLeast && !line.starts_with("-----")) lines.emplace_back(line);
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::vector<SecretForm> FormsOf(std::string_view value) {
  std::vector<SecretForm> forms = {{std::string(value)}};
  const auto add = [&](SecretForm form) {
    const bool is_new = std::none_of(forms.begin(), forms.end(), [&](const SecretForm& other) { return other.text == form.text; });
    if (is_new) forms.push_back(std::move(form));
  };
  add({Cased(value, std::tolower)});
  add({Cased(value, std::toupper)});
  for (std::string& line : LinesOf(value)) add({std::move(line)});
  add({Hex(value, "0123456789abcdef")});
  add({Hex(value, "0123456789ABCDEF")});
  for (size_t before = 0; before < 3; ++before) {
    const bool has_rest = (before + value.size()) % 3 != 0;
    add({Base64Core(value, before, kStandard), before > 0, has_rest});
    add({Base64Core(value, before, kForUrls), before > 0, has_rest});
  }
  return forms;
}

}  // namespace orc
