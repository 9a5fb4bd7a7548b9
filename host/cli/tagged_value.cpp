#include "cli/tagged_value.h"

#include <charconv>
#include <cmath>

#include "expr/time_text.h"
#include "expr/value_json.h"

namespace orc {
namespace {

using Kind = Value::Kind;

Error NotTagged(const Json& tagged) {
  return Error{ErrorCode::kInvalid, "a value such as {\"int64\":\"1\"} is expected, found " + DescribeJson(tagged)};
}

template <typename T>
bool Read(std::string_view text, T& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

Result<Value> ReadHex(const Json& tagged, std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    uint8_t byte = 0;
    if (std::from_chars(text.data() + i, text.data() + i + 2, byte, 16).ec != std::errc()) return NotTagged(tagged);
    bytes += static_cast<char>(byte);
  }
  return Value::Bytes(std::move(bytes));
}

Result<Value> ReadNumber(const Json& tagged, std::string_view tag, std::string_view text) {
  int64_t integer = 0;
  uint64_t natural = 0;
  double real = 0;
  if (tag == "int64" && Read(text, integer)) return Value::Int(integer);
  if (tag == "uint64" && Read(text, natural)) return Value::Uint(natural);
  if (tag == "double" && Read(text, real)) return Value::Double(real);
  return NotTagged(tagged);
}

Result<Value> ReadList(const Json& list) {
  std::vector<Value> elements;
  for (const Json& element : list.get_array()) {
    ORC_ASSIGN_OR_RETURN(Value value, ReadTagged(element));
    elements.push_back(std::move(value));
  }
  return Value::List(std::move(elements));
}

Result<Value> ReadMap(const Json& list) {
  MapValue map;
  for (const Json& entry : list.get_array()) {
    if (!entry.is_array() || entry.get_array().size() != 2) return NotTagged(entry);
    ORC_ASSIGN_OR_RETURN(Value key, ReadTagged(entry.get_array()[0]));
    ORC_ASSIGN_OR_RETURN(Value value, ReadTagged(entry.get_array()[1]));
    map.Add(std::move(key), std::move(value));
  }
  return Value::Map(std::move(map));
}

Result<Value> ReadType(const std::string& name) {
  for (const std::string_view known : {"bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type",
                                       "optional_type", "google.protobuf.Timestamp", "google.protobuf.Duration"}) {
    if (name == known) return Value::Type(known);
  }
  return Error{ErrorCode::kInvalid, "there is no type " + name};
}

bool ListsSame(const Value& a, const Value& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!IsSameTagged(a.At(i), b.At(i))) return false;
  }
  return true;
}

bool MapsSame(const Value& a, const Value& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto [key, value] = a.EntryAt(i);
    const auto other = b.Find(key);
    if (!other || !IsSameTagged(value, *other)) return false;
  }
  return true;
}

std::string ShowBytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
    text += two;
  }
  return text;
}

}  // namespace

Result<Value> ReadTagged(const Json& tagged) {
  if (!tagged.is_object() || tagged.get_object().size() != 1) return NotTagged(tagged);
  const auto& member = *tagged.get_object().begin();
  const std::string_view tag(member.key().data(), member.key().size());
  const Json& value = member.value();
  if (tag == "null") return Value();
  if (tag == "bool" && value.is_bool()) return Value::Bool(value.get_bool());
  if (tag == "list" && value.is_array()) return ReadList(value);
  if (tag == "map" && value.is_array()) return ReadMap(value);
  if (!value.is_string()) return NotTagged(tagged);
  const std::string text(value.get_string());
  if (tag == "string") return Value::String(text);
  if (tag == "bytes_hex") return ReadHex(tagged, text);
  if (tag == "type") return ReadType(text);
  return ReadNumber(tagged, tag, text);
}

bool IsSameTagged(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kDouble:
      if (std::isnan(a.get_double())) return std::isnan(b.get_double());
      return a.get_double() == b.get_double() && std::signbit(a.get_double()) == std::signbit(b.get_double());
    case Kind::kInt:
      return a.get_int() == b.get_int();
    case Kind::kUint:
      return a.get_uint() == b.get_uint();
    case Kind::kBool:
      return a.get_bool() == b.get_bool();
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return a.get_text() == b.get_text();
    case Kind::kList:
      return ListsSame(a, b);
    case Kind::kMap:
      return MapsSame(a, b);
    case Kind::kTimestamp:
      return a.get_time() == b.get_time();
    case Kind::kDuration:
      return a.get_duration() == b.get_duration();
    default:
      return a.is(Kind::kNull);
  }
}

std::string ShowTagged(const Value& value) {
  switch (value.kind()) {
    case Kind::kDouble:
      return "double " + FormatDouble(value.get_double());
    case Kind::kInt:
      return "int " + std::to_string(value.get_int());
    case Kind::kUint:
      return "uint " + std::to_string(value.get_uint());
    case Kind::kBool:
      return value.get_bool() ? "true" : "false";
    case Kind::kBytes:
      return "bytes " + ShowBytes(value.get_text());
    case Kind::kString:
      return "string " + PrintJson(Json(boost::json::string_view(value.get_text().data(), value.get_text().size())));
    case Kind::kType:
      return "type " + std::string(value.get_text());
    case Kind::kTimestamp:
      return "timestamp " + FormatTimestamp(value.get_time());
    case Kind::kDuration:
      return "duration " + FormatDuration(value.get_duration());
    case Kind::kNull:
      return "null";
    case Kind::kOptional:
      return value.get_optional() == nullptr ? "optional.none()" : "optional of " + ShowTagged(*value.get_optional());
    default:
      break;
  }
  std::string text = value.is(Kind::kList) ? "list [" : "map {";
  for (size_t i = 0; i < value.size(); ++i) {
    if (i > 0) text += ", ";
    text +=
        value.is(Kind::kList) ? ShowTagged(value.At(i)) : ShowTagged(value.EntryAt(i).first) + ": " + ShowTagged(value.EntryAt(i).second);
  }
  return text + (value.is(Kind::kList) ? "]" : "}");
}

}  // namespace orc
