#include "expr/value_json.h"

#include <algorithm>
#include <cmath>

#include "expr/time_text.h"

namespace orc {
namespace {

using Kind = Value::Kind;

Error Invalid(std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; }
Error TooLarge() { return Error{ErrorCode::kTooLarge, "the result is over its limit"}; }

Error TooDeep() {
  return Error{ErrorCode::kTooLarge, "the result is nested deeper than " + std::to_string(kMaxJsonValueDepth) + " levels"};
}

boost::json::string Text(std::string_view text) { return boost::json::string(text.data(), text.size()); }

Result<Json> Convert(const Value& value, Budget& budget, size_t depth);

/// So much as a copy of the document makes; false when it may not be made.
bool ChargeCopy(const Json& json, Budget& budget) {
  if (!budget.Make(sizeof(Json) + (json.is_string() ? json.get_string().size() : 0))) return false;
  if (json.is_array()) {
    return std::all_of(json.get_array().begin(), json.get_array().end(), [&](const Json& element) { return ChargeCopy(element, budget); });
  }
  if (!json.is_object()) return true;
  return std::all_of(json.get_object().begin(), json.get_object().end(),
                     [&](const auto& member) { return budget.Make(member.key().size()) && ChargeCopy(member.value(), budget); });
}

size_t DepthOf(const Json& json) {
  size_t depth = 0;
  if (json.is_array()) {
    for (const Json& element : json.get_array()) depth = std::max(depth, DepthOf(element) + 1);
  } else if (json.is_object()) {
    for (const auto& member : json.get_object()) depth = std::max(depth, DepthOf(member.value()) + 1);
  }
  return depth;
}

Result<Json> ConvertList(const Value& list, Budget& budget, size_t depth) {
  JsonArray array;
  array.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    ORC_ASSIGN_OR_RETURN(Json element, Convert(list.At(i), budget, depth + 1));
    array.push_back(std::move(element));
  }
  return Json(std::move(array));
}

std::string KeyText(const Value& key) {
  if (key.is(Kind::kString)) return std::string(key.get_text());
  if (key.is(Kind::kBool)) return key.get_bool() ? "true" : "false";
  return key.is(Kind::kInt) ? std::to_string(key.get_int()) : std::to_string(key.get_uint());
}

Result<Json> ConvertMap(const Value& map, Budget& budget, size_t depth) {
  JsonObject object;
  object.reserve(map.size());
  for (size_t i = 0; i < map.size(); ++i) {
    const auto [key, value] = map.EntryAt(i);
    const std::string name = KeyText(key);
    if (!budget.Make(name.size())) return TooLarge();
    ORC_ASSIGN_OR_RETURN(Json member, Convert(value, budget, depth + 1));
    if (!object.emplace(name, std::move(member)).second) return Invalid("two keys of the map are spelt \"" + name + "\" in JSON");
  }
  return Json(std::move(object));
}

Result<Json> ConvertText(std::string_view text, Budget& budget) {
  if (!budget.Make(text.size())) return TooLarge();
  return Json(Text(text));
}

Result<Json> Convert(const Value& value, Budget& budget, size_t depth) {
  if (depth > kMaxJsonValueDepth) return TooDeep();
  if (const Json* document = value.json()) {
    if (!ChargeCopy(*document, budget)) return TooLarge();
    // Only what is put into something else can have become too deep.
    if (depth > 0 && depth + DepthOf(*document) > kMaxJsonValueDepth) return TooDeep();
    return *document;
  }
  if (!budget.Make(sizeof(Json))) return TooLarge();
  switch (value.kind()) {
    case Kind::kNull:
      return Json(nullptr);
    case Kind::kBool:
      return Json(value.get_bool());
    case Kind::kInt:
      return Json(value.get_int());
    case Kind::kUint:
      return value.get_uint() <= INT64_MAX ? Json(static_cast<int64_t>(value.get_uint())) : Json(value.get_uint());
    case Kind::kDouble:
      if (std::isfinite(value.get_double())) return Json(value.get_double());
      return Invalid(FormatDouble(value.get_double()) + " is no number of JSON");
    case Kind::kString:
    case Kind::kType:
      return ConvertText(value.get_text(), budget);
    case Kind::kBytes:
      return ConvertText(EncodeBase64(value.get_text()), budget);
    case Kind::kTimestamp:
      return ConvertText(FormatTimestamp(value.get_time()), budget);
    case Kind::kDuration:
      return ConvertText(FormatDuration(value.get_duration()), budget);
    case Kind::kList:
      return ConvertList(value, budget, depth);
    case Kind::kMap:
      return ConvertMap(value, budget, depth);
    default:
      return Invalid("an optional is no value of JSON: take what is in it by .value() or .orValue(…)");
  }
}

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Result<Json> ToJson(const Value& value, Budget& budget) { return Convert(value, budget, 0); }

Result<std::string> ToText(const Value& value, Budget& budget) {
  if (value.is(Kind::kString)) {
    if (!budget.Make(value.get_text().size())) return TooLarge();
    return std::string(value.get_text());
  }
  ORC_ASSIGN_OR_RETURN(const Json json, ToJson(value, budget));
  if (json.is_string()) return std::string(json.get_string());
  return PrintJson(json);
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) text += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 0xff);
  }
  return bytes;
}

std::string FormatDouble(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  std::string text = PrintJson(Json(number));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

}  // namespace orc
