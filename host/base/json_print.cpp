#include <charconv>
#include <cstdio>

#include "base/json.h"
#include "base/utf8.h"

namespace orc {
namespace {

std::string_view View(const boost::json::string& text) { return {text.data(), text.size()}; }
std::string_view View(boost::json::string_view text) { return {text.data(), text.size()}; }

void AppendDouble(std::string& out, double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view digits(text, static_cast<size_t>(end - text));
  out += digits;
  // A double stays one for whoever reads it back.
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void AppendInteger(std::string& out, auto value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void AppendObject(std::string& out, const JsonObject& object) {
  out += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!first) out += ',';
    first = false;
    AppendJsonString(out, View(member.key()));
    out += ':';
    PrintJsonTo(out, member.value());
  }
  out += '}';
}

void AppendArray(std::string& out, const JsonArray& array) {
  out += '[';
  bool first = true;
  for (const auto& element : array) {
    if (!first) out += ',';
    first = false;
    PrintJsonTo(out, element);
  }
  out += ']';
}

void AppendEscaped(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", c);
  out += text;
}

bool IsPlain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

}  // namespace

void PrintJsonTo(std::string& out, const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out += "null";
      return;
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case boost::json::kind::int64:
      AppendInteger(out, value.get_int64());
      return;
    case boost::json::kind::uint64:
      AppendInteger(out, value.get_uint64());
      return;
    case boost::json::kind::double_:
      AppendDouble(out, value.get_double());
      return;
    case boost::json::kind::string:
      AppendJsonString(out, View(value.get_string()));
      return;
    case boost::json::kind::array:
      AppendArray(out, value.get_array());
      return;
    case boost::json::kind::object:
      AppendObject(out, value.get_object());
      return;
  }
}

std::string PrintJson(const Json& value) {
  std::string out;
  PrintJsonTo(out, value);
  return out;
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  size_t i = 0;
  while (i < text.size()) {
    size_t run = i;
    while (run < text.size() && IsPlain(static_cast<unsigned char>(text[run]))) ++run;
    out.append(text, i, run - i);
    i = run;
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      AppendEscaped(out, c);
      ++i;
      continue;
    }
    const size_t length = Utf8Length(text, i);
    out += length == 0 ? kReplacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  out += '"';
}

std::string ToStorableText(std::string_view text) {
  if (FindBadUtf8(text) == text.size() && text.find('\0') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size() + 16);
  for (size_t i = 0; i < text.size();) {
    const size_t length = text[i] == '\0' ? 0 : Utf8Length(text, i);
    out += length == 0 ? kReplacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  return out;
}

bool IsUtf8(std::string_view text) { return FindBadUtf8(text) == text.size(); }

}  // namespace orc
