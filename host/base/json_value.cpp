#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/utf8.h"

namespace orc {
namespace {

constexpr size_t kShownBytes = 60;

/// Compares an integer of either sign with a double by value, without rounding the integer.
bool IntegerEqualsDouble(const Json& integer, double value) {
  if (std::trunc(value) != value) return false;
  if (integer.is_int64()) {
    return value >= -9223372036854775808.0 && value < 9223372036854775808.0 && static_cast<int64_t>(value) == integer.get_int64();
  }
  return value >= 0 && value < 18446744073709551616.0 && static_cast<uint64_t>(value) == integer.get_uint64();
}

bool NumbersEqual(const Json& a, const Json& b) {
  if (a.is_double() && b.is_double()) return a.get_double() == b.get_double();
  if (a.is_double()) return IntegerEqualsDouble(b, a.get_double());
  if (b.is_double()) return IntegerEqualsDouble(a, b.get_double());
  return a == b;  // Boost compares int64 and uint64 by value
}

bool ArraysEqual(const JsonArray& a, const JsonArray& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!JsonEquals(a[i], b[i])) return false;
  }
  return true;
}

bool ObjectsEqual(const JsonObject& a, const JsonObject& b) {
  if (a.size() != b.size()) return false;
  for (const auto& member : a) {
    const Json* other = b.if_contains(member.key());
    if (other == nullptr || !JsonEquals(member.value(), *other)) return false;
  }
  return true;
}

}  // namespace

const Json* Find(const Json& value, std::string_view key) {
  const JsonObject* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(boost::json::string_view(key.data(), key.size()));
}

std::string_view StringAt(const Json& value, std::string_view key, std::string_view fallback) {
  const Json* member = Find(value, key);
  if (member == nullptr || !member->is_string()) return fallback;
  return {member->get_string().data(), member->get_string().size()};
}

std::optional<int64_t> IntAt(const Json& value, std::string_view key) {
  const Json* member = Find(value, key);
  if (member == nullptr || !member->is_int64()) return std::nullopt;
  return member->get_int64();
}

bool BoolAt(const Json& value, std::string_view key, bool fallback) {
  const Json* member = Find(value, key);
  return member != nullptr && member->is_bool() ? member->get_bool() : fallback;
}

bool IsDeeperThan(const Json& value, size_t levels) {
  if (!value.is_array() && !value.is_object()) return false;
  if (levels == 0) return true;
  if (value.is_array()) {
    const JsonArray& array = value.get_array();
    return std::any_of(array.begin(), array.end(), [levels](const Json& element) { return IsDeeperThan(element, levels - 1); });
  }
  const JsonObject& object = value.get_object();
  return std::any_of(object.begin(), object.end(), [levels](const auto& member) { return IsDeeperThan(member.value(), levels - 1); });
}

bool JsonEquals(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return NumbersEqual(a, b);
  if (a.kind() != b.kind()) return false;
  if (a.is_array()) return ArraysEqual(a.get_array(), b.get_array());
  if (a.is_object()) return ObjectsEqual(a.get_object(), b.get_object());
  return a == b;
}

std::string DescribeJson(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case boost::json::kind::string:
      return "the string " + Shortened(PrintJson(value), kShownBytes);
    case boost::json::kind::array:
      return value.get_array().empty() ? "an empty array" : "an array";
    case boost::json::kind::object:
      return value.get_object().empty() ? "an empty object" : "an object";
    default:
      return "the number " + PrintJson(value);
  }
}

void AppendPointer(std::string& pointer, std::string_view token) {
  pointer += '/';
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::string Pointer(std::string_view base, std::string_view token) {
  std::string pointer(base);
  AppendPointer(pointer, token);
  return pointer;
}

std::string Pointer(std::string_view base, size_t index) { return std::string(base) + "/" + std::to_string(index); }

}  // namespace orc
