#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/utf8.h"

namespace orc {
namespace {

/// Line and column of a byte offset, both from 1; the column counts bytes.
std::string Place(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

Error Unreadable(std::string_view text, size_t offset, const std::string& why) {
  return Error{ErrorCode::kUnreadable, Place(text, offset) + why};
}

/// The opening quote of the key that ends at or just before `offset`.
size_t KeyBegin(std::string_view text, size_t offset) {
  size_t end = text.rfind('"', std::min(offset, text.size() - 1));
  if (end == std::string_view::npos || end == 0) return offset;
  for (size_t begin = text.rfind('"', end - 1); begin != std::string_view::npos;
       begin = begin == 0 ? std::string_view::npos : text.rfind('"', begin - 1)) {
    size_t slashes = 0;
    while (slashes < begin && text[begin - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return begin;
    if (begin == 0) break;
  }
  return offset;
}

std::string Found(std::string_view text, size_t offset) {
  if (offset >= text.size()) return "the document ends too early";
  const auto c = static_cast<unsigned char>(text[offset]);
  if (c < 0x20) return "a control character is not allowed here";
  return "\"" + std::string(text.substr(offset, std::max<size_t>(1, Utf8Length(text, offset)))) + "\" is not expected here";
}

std::string Explain(std::string_view text, size_t offset, const boost::json::error_code& code) {
  if (code == boost::json::error::incomplete) return "the document ends too early";
  if (code == boost::json::error::extra_data) return "nothing may follow the document";
  if (code == boost::json::error::syntax) return Found(text, offset);
  return code.message();
}

template <typename Sink>
Result<void> Read(boost::json::basic_parser<JsonReader<Sink>>& parser, std::string_view text) {
  boost::json::error_code code;
  const size_t used = parser.write_some(false, text.data(), text.size(), code);
  const JsonReader<Sink>& reader = parser.handler();
  if (!reader.refusal().empty()) return Unreadable(text, reader.at_key() ? KeyBegin(text, used) : used, reader.refusal());
  if (code) return Unreadable(text, used, Explain(text, used, code));
  if (used < text.size()) return Unreadable(text, used, "nothing may follow the document");
  return {};
}

Result<void> CheckText(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::kTooLarge,
                 "the document has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(limits.max_bytes)};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return Unreadable(text, 0, "a byte order mark is not allowed");
  if (const size_t bad = FindBadUtf8(text); bad < text.size()) return Unreadable(text, bad, "the text is not UTF-8");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Unreadable(text, text.size(), "a JSON document is expected, found nothing");
  return {};
}

boost::json::parse_options Options(const JsonLimits& limits) {
  boost::json::parse_options options;
  options.max_depth = limits.max_depth + 1;  // ours speaks first
  return options;
}

}  // namespace

Result<Json> ParseJson(std::string_view text, const JsonLimits& limits) {
  ORC_RETURN_IF_ERROR(CheckText(text, limits));
  boost::json::basic_parser<JsonReader<BuildValue>> parser(Options(limits), limits.max_depth);
  ORC_RETURN_IF_ERROR(Read(parser, text));
  return parser.handler().sink().stack.release();
}

Result<void> CheckJson(std::string_view text, const JsonLimits& limits) {
  ORC_RETURN_IF_ERROR(CheckText(text, limits));
  boost::json::basic_parser<JsonReader<NoValue>> parser(Options(limits), limits.max_depth);
  return Read(parser, text);
}

}  // namespace orc
