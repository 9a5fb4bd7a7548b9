#include <cmath>

#include "base/schema_lint.h"

namespace orc {
namespace {

constexpr size_t kMaxHops = 64;  // references to references

Json NormalNumber(const Json& value) {
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  constexpr double kLimit = 9223372036854775808.0;
  const double number = value.get_double();
  const bool integral = std::trunc(number) == number && number >= -kLimit && number < kLimit;
  return integral ? Json(static_cast<int64_t>(number)) : value;
}

/// The element that a reference token names, or null.
const Json* Element(const JsonArray& array, const std::string& token) {
  constexpr size_t kMaxDigits = 9;
  if (token.empty() || token.size() > kMaxDigits || token.find_first_not_of("0123456789") != std::string::npos) return nullptr;
  return array.if_contains(std::stoul(token));
}

}  // namespace

const Json* ResolvePointer(const Json& document, std::string_view pointer) {
  const Json* at = &document;
  while (!pointer.empty() && at != nullptr) {
    if (pointer[0] != '/') return nullptr;
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string token;
    for (size_t i = 1; i < end; ++i) {
      const bool escape = pointer[i] == '~' && i + 1 < end;
      token += escape ? (pointer[++i] == '1' ? '/' : '~') : pointer[i];
    }
    at = at->is_array() ? Element(at->get_array(), token) : Find(*at, token);
    pointer.remove_prefix(end);
  }
  return at;
}

const Json* SubschemaAt(const Json& schema, std::string_view pointer) {
  const Json* at = &schema;
  const auto follow = [&schema](const Json* node) {
    for (size_t hops = 0; node != nullptr && hops < kMaxHops; ++hops) {
      const std::string_view reference = StringAt(*node, "$ref");
      if (reference.empty()) break;
      node = ResolvePointer(schema, reference.substr(1));
    }
    return node;
  };
  for (at = follow(at); at != nullptr && !pointer.empty(); at = follow(at)) {
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view token = pointer.substr(1, end - 1);
    const Json* next = nullptr;
    if (const Json* properties = Find(*at, "properties")) next = ResolvePointer(*properties, pointer.substr(0, end));
    if (next == nullptr && token.find_first_not_of("0123456789") == std::string_view::npos) next = Find(*at, "items");
    if (next == nullptr) next = Find(*at, "additionalProperties");
    at = next;
    pointer.remove_prefix(end);
  }
  return at;
}

Json NormalNumbers(const Json& value) {
  if (value.is_array()) {
    JsonArray array;
    array.reserve(value.get_array().size());
    for (const Json& element : value.get_array()) array.push_back(NormalNumbers(element));
    return array;
  }
  if (value.is_object()) {
    JsonObject object;
    object.reserve(value.get_object().size());
    for (const auto& member : value.get_object()) object.emplace(member.key(), NormalNumbers(member.value()));
    return object;
  }
  return value.is_uint64() || value.is_double() ? NormalNumber(value) : value;
}

size_t CountValues(const Json& value) {
  size_t count = 1;
  if (value.is_array()) {
    for (const Json& element : value.get_array()) count += CountValues(element);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) count += CountValues(member.value());
  }
  return count;
}

}  // namespace orc
