#include "app/yaml_scalar.h"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace orc {
namespace {

bool AllOf(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

Result<Json> ReadWhole(std::string_view digits, int base, const std::string& text) {
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (fault == std::errc() && end == digits.data() + digits.size()) return Json(number);
  return Error{.code = ErrorCode::kInvalid, .message = "the number " + text + " does not fit into 64 bits"};
}

}  // namespace

Result<Json> ReadPlainScalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return Json(nullptr);
  if (text == "true" || text == "True" || text == "TRUE") return Json(true);
  if (text == "false" || text == "False" || text == "FALSE") return Json(false);
  std::string_view digits = text;
  if (digits.starts_with("0x") && AllOf(digits.substr(2), "0123456789abcdefABCDEF")) return ReadWhole(digits.substr(2), 16, text);
  if (digits.starts_with("0o") && AllOf(digits.substr(2), "01234567")) return ReadWhole(digits.substr(2), 8, text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const bool negative = digits.starts_with('-');
  if (AllOf(digits.substr(negative ? 1 : 0), "0123456789")) return ReadWhole(digits, 10, text);
  double number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool looks_like_number = AllOf(digits.substr(negative ? 1 : 0), "0123456789.eE+-");  // no "inf", no "nan"
  if (looks_like_number && fault == std::errc() && end == digits.data() + digits.size()) return Json(number);
  return Json(text);
}

}  // namespace orc
