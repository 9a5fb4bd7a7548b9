#include "service/answer_body.h"

#include <cstdint>

#include "base/json.h"

namespace orc::service {
namespace {

constexpr size_t kMaxErrorBody = 64u << 10;
constexpr size_t kMaxErrorText = 500;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Cut(std::string_view text) {
  std::string out = ToStorableText(text.substr(0, kMaxErrorText));
  if (text.size() > kMaxErrorText) out += "...";
  return out;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const auto byte = [&](size_t k) { return k < left ? uint32_t{static_cast<unsigned char>(bytes[i + k])} : 0u; };
    const uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += kAlphabet[group >> 18];
    out += kAlphabet[group >> 12 & 63];
    out += left > 1 ? kAlphabet[group >> 6 & 63] : '=';
    out += left > 2 ? kAlphabet[group & 63] : '=';
  }
  return out;
}

std::string BodyAsJson(std::string_view body) {
  std::string_view text = body;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.empty()) return "null";
  if (CheckJson(text).ok()) return std::string(text);
  std::string out;
  if (IsUtf8(body)) {
    AppendJsonString(out, body);
  } else {
    out = "{\"base64\":\"" + Base64(body) + "\"}";
  }
  return out;
}

std::string WhyNotJson(std::string_view body) {
  const size_t begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || (body[begin] != '{' && body[begin] != '[')) return {};
  const auto checked = CheckJson(body);
  return checked.ok() ? std::string() : checked.error().message;
}

std::string ErrorText(std::string_view body) {
  if (body.empty() || body.size() > kMaxErrorBody) return {};
  const auto json = ParseJson(body);
  if (!json.ok() || !json->is_object()) return {};
  for (const std::string_view key : {"detail", "message", "error"}) {
    if (const auto text = StringAt(*json, key); !text.empty()) return Cut(text);
  }
  if (const Json* error = Find(*json, "error")) return Cut(StringAt(*error, "message"));
  return {};
}

}  // namespace orc::service
