// Values as literals of the language.
#include <cmath>

#include "expr/expression.h"
#include "expr/time_text.h"
#include "expr/value_json.h"

namespace orc {
namespace {

using Kind = Value::Kind;

std::string QuotedBytes(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "b\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
  }
  return text + "\"";
}

std::string QuotedText(std::string_view value) {
  std::string text;
  AppendJsonString(text, value);  // JSON's escapes are CEL's, but for "\/", which is not written
  return text;
}

std::string RealText(double number) {
  if (std::isfinite(number)) return PrintJson(Json(number));
  return "double(\"" + FormatDouble(number) + "\")";
}

Result<std::string> Joined(const Value& value, Budget& budget) {
  const bool is_list = value.is(Kind::kList);
  std::string text = is_list ? "[" : "{";
  for (size_t i = 0; i < value.size(); ++i) {
    if (i > 0) text += ", ";
    if (is_list) {
      ORC_ASSIGN_OR_RETURN(const std::string element, LiteralOf(value.At(i), budget));
      text += element;
      continue;
    }
    const auto [key, member] = value.EntryAt(i);
    ORC_ASSIGN_OR_RETURN(const std::string key_text, LiteralOf(key, budget));
    ORC_ASSIGN_OR_RETURN(const std::string member_text, LiteralOf(member, budget));
    text += key_text;
    text += ": " + member_text;
  }
  return text + (is_list ? "]" : "}");
}

}  // namespace

Result<std::string> LiteralOf(const Value& value, Budget& budget) {
  const bool is_text = value.is(Kind::kString) || value.is(Kind::kBytes);
  if (!budget.Make(is_text ? value.get_text().size() + 2 : 8))
    return Error{ErrorCode::kTooLarge, "the value is too large to be put into an expression"};
  switch (value.kind()) {
    case Kind::kNull:
      return std::string("null");
    case Kind::kBool:
      return std::string(value.get_bool() ? "true" : "false");
    case Kind::kInt:
      return std::to_string(value.get_int());
    case Kind::kUint:
      return std::to_string(value.get_uint()) + "u";
    case Kind::kDouble:
      return RealText(value.get_double());
    case Kind::kString:
      return QuotedText(value.get_text());
    case Kind::kBytes:
      return QuotedBytes(value.get_text());
    case Kind::kTimestamp:
      return "timestamp(\"" + FormatTimestamp(value.get_time()) + "\")";
    case Kind::kDuration:
      return "duration(\"" + FormatDuration(value.get_duration()) + "\")";
    case Kind::kType:
      return std::string(value.get_text());
    case Kind::kList:
    case Kind::kMap:
      return Joined(value, budget);
    default:
      return Error{ErrorCode::kInvalid, "an optional cannot be written into an expression: take what is in it by .orValue(…)"};
  }
}

}  // namespace orc
