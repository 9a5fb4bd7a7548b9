#include "message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace {

constexpr size_t kBase64Line = 76;
constexpr size_t kEncodedWordBytes = 45;  // of text; 60 of base64: an encoded word may have 75

std::string Base64(std::string_view bytes, size_t line_length) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  size_t in_line = 0;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) out += i + j > bytes.size() ? '=' : kAlphabet[group >> (18 - 6 * j) & 63];
    in_line += 4;
    if (line_length != 0 && in_line >= line_length) {
      out += "\r\n";
      in_line = 0;
    }
  }
  return out;
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return text.find("=?") == std::string_view::npos;
}

/// Whole characters only: a word must not end within one.
size_t WordEnd(std::string_view text, size_t begin) {
  size_t end = std::min(text.size(), begin + kEncodedWordBytes);
  while (end < text.size() && end > begin && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end > begin ? end : std::min(text.size(), begin + kEncodedWordBytes);
}

std::string EncodeSubject(std::string_view text) {
  if (IsPlain(text) && text.size() <= 900) return std::string(text);
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = WordEnd(text, begin);
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + Base64(text.substr(begin, end - begin), 0) + "?=";
    begin = end;
  }
  return out;
}

const std::string& Judged(const std::string& address) {
  const size_t at = address.find('@');
  bool good = at != std::string::npos && at > 0 && at + 1 < address.size() && address.find('@', at + 1) == std::string::npos;
  for (const char c : address) good = good && c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ',';
  if (!good) throw std::invalid_argument("\"" + address + "\" is no address; expected name@domain");
  return address;
}

std::string Joined(const std::vector<std::string>& addresses) {
  std::string out;
  for (const std::string& address : addresses) out += (out.empty() ? "<" : ",\r\n <") + Judged(address) + ">";
  return out;
}

std::string Date(int64_t date_s) {
  const auto time = static_cast<std::time_t>(date_s);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d +0000", kDays.at(static_cast<size_t>(parts.tm_wday)),
                parts.tm_mday, kMonths.at(static_cast<size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

}  // namespace

std::string FormatMail(const Mail& mail) {
  std::string out = "From: <" + Judged(mail.from) + ">\r\nTo: " + Joined(mail.to) + "\r\n";
  if (!mail.cc.empty()) out += "Cc: " + Joined(mail.cc) + "\r\n";
  if (!mail.reply_to.empty()) out += "Reply-To: <" + Judged(mail.reply_to) + ">\r\n";
  out += "Subject: " + EncodeSubject(mail.subject) + "\r\nDate: " + Date(mail.date_s) + "\r\nMessage-ID: <" + mail.message_id + ">\r\n";
  out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  return out + Base64(mail.text, kBase64Line) + "\r\n";
}

std::string MessageIdFor(const std::string& idempotency_key, const std::string& from) {
  std::string id;
  for (const char c : idempotency_key) {
    const bool is_atom = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    id += is_atom ? c : '-';
  }
  return (id.empty() ? "step" : id) + "@" + from.substr(from.find('@') + 1);
}
