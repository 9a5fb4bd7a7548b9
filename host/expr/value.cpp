#include "expr/value.h"

#include <algorithm>
#include <cmath>

#include "expr/fault.h"

namespace orc {
namespace {

constexpr size_t kFewKeys = 12;

/// The integer that a double equals, spelt; "" when it equals none.
std::string SpellWhole(double number) {
  if (std::trunc(number) != number) return {};
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0) return "n" + std::to_string(static_cast<int64_t>(number));
  if (number >= 0 && number < 18446744073709551616.0) return "n" + std::to_string(static_cast<uint64_t>(number));
  return {};
}

}  // namespace

Value Value::Bool(bool value) {
  Value made;
  made.kind_ = Kind::kBool;
  made.number_.boolean = value;
  return made;
}

Value Value::Int(int64_t value) {
  Value made;
  made.kind_ = Kind::kInt;
  made.number_.integer = value;
  return made;
}

Value Value::Uint(uint64_t value) {
  Value made;
  made.kind_ = Kind::kUint;
  made.number_.natural = value;
  return made;
}

Value Value::Double(double value) {
  Value made;
  made.kind_ = Kind::kDouble;
  made.number_.real = value;
  return made;
}

Value Value::String(std::string text) {
  Value made;
  made.kind_ = Kind::kString;
  auto kept = std::make_shared<const std::string>(std::move(text));
  made.pointer_ = kept->data();
  made.size_ = kept->size();
  made.owner_ = std::move(kept);
  return made;
}

Value Value::Bytes(std::string bytes) {
  Value made = String(std::move(bytes));
  made.kind_ = Kind::kBytes;
  return made;
}

Value Value::List(std::vector<Value> elements) {
  Value made;
  made.kind_ = Kind::kList;
  for (const Value& element : elements) made.depth_ = std::max(made.depth_, element.depth_);
  ++made.depth_;
  auto kept = std::make_shared<const std::vector<Value>>(std::move(elements));
  made.pointer_ = kept.get();
  made.owner_ = std::move(kept);
  return made;
}

Value Value::Map(MapValue map) {
  Value made;
  made.kind_ = Kind::kMap;
  for (const auto& entry : map.entries()) made.depth_ = std::max(made.depth_, entry.second.depth_);
  ++made.depth_;
  auto kept = std::make_shared<const MapValue>(std::move(map));
  made.pointer_ = kept.get();
  made.owner_ = std::move(kept);
  return made;
}

Value Value::Time(Timestamp time) {
  Value made = Int(time.seconds);
  made.kind_ = Kind::kTimestamp;
  made.nanos_ = time.nanos;
  return made;
}

Value Value::Duration(int64_t nanos) {
  Value made = Int(nanos);
  made.kind_ = Kind::kDuration;
  return made;
}

Value Value::Type(std::string_view name) {
  Value made;
  made.kind_ = Kind::kType;
  made.pointer_ = name.data();
  made.size_ = name.size();
  return made;
}

Value Value::Some(Value value) {
  Value made;
  made.kind_ = Kind::kOptional;
  made.depth_ = static_cast<uint16_t>(value.depth_ + 1);
  auto kept = std::make_shared<const Value>(std::move(value));
  made.pointer_ = kept.get();
  made.owner_ = std::move(kept);
  return made;
}

Value Value::None() {
  Value made;
  made.kind_ = Kind::kOptional;
  return made;
}

Value Value::Fault(EvaluationFault fault) {
  Value made;
  made.kind_ = Kind::kError;
  auto kept = std::make_shared<const EvaluationFault>(std::move(fault));
  made.pointer_ = kept.get();
  made.owner_ = std::move(kept);
  return made;
}

Value Value::Of(const Json& json) {
  Value made;
  switch (json.kind()) {
    case boost::json::kind::null:
      return made;
    case boost::json::kind::bool_:
      return Bool(json.get_bool());
    case boost::json::kind::int64:
      return Int(json.get_int64());
    case boost::json::kind::uint64:
      return Uint(json.get_uint64());
    case boost::json::kind::double_:
      return Double(json.get_double());
    case boost::json::kind::string:
      made.kind_ = Kind::kString;
      made.pointer_ = json.get_string().data();
      made.size_ = json.get_string().size();
      return made;
    default:
      made.kind_ = json.is_array() ? Kind::kList : Kind::kMap;
      made.is_json_ = true;
      made.pointer_ = &json;
      made.depth_ = kMaxJsonValueDepth;
      return made;
  }
}

Value Value::Owning(std::shared_ptr<const Json> json) {
  Value made = Of(*json);
  made.owner_ = std::move(json);
  return made;
}

Value Value::Inside(const Json& json) const {
  Value made = Of(json);
  made.owner_ = owner_;
  return made;
}

std::string_view Value::type_name() const {
  switch (kind_) {
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kType:
      return "type";
    case Kind::kOptional:
      return "optional_type";
    case Kind::kError:
      break;
  }
  return "error";
}

size_t Value::size() const {
  if (const Json* document = json()) return is(Kind::kList) ? document->get_array().size() : document->get_object().size();
  if (is(Kind::kList)) return static_cast<const std::vector<Value>*>(pointer_)->size();
  return static_cast<const MapValue*>(pointer_)->entries().size();
}

Value Value::At(size_t index) const {
  if (const Json* document = json()) return Inside(document->get_array()[index]);
  return (*static_cast<const std::vector<Value>*>(pointer_))[index];
}

std::pair<Value, Value> Value::EntryAt(size_t index) const {
  const Json* document = json();
  if (document == nullptr) return static_cast<const MapValue*>(pointer_)->entries()[index];
  const auto& member = document->get_object().begin()[index];
  Value key;
  key.kind_ = Kind::kString;
  key.pointer_ = member.key().data();
  key.size_ = member.key().size();
  key.owner_ = owner_;
  return {std::move(key), Inside(member.value())};
}

std::optional<Value> Value::FindName(std::string_view name) const {
  if (const Json* document = json()) {
    const Json* member = orc::Find(*document, name);
    if (member == nullptr) return std::nullopt;
    return Inside(*member);
  }
  return Find(String(std::string(name)));
}

std::optional<Value> Value::Find(const Value& key) const {
  if (is_json_) return key.is(Kind::kString) ? FindName(key.get_text()) : std::nullopt;
  const Value* found = static_cast<const MapValue*>(pointer_)->Find(key);
  if (found == nullptr) return std::nullopt;
  return *found;
}

bool IsMapKey(const Value& value) {
  using Kind = Value::Kind;
  return value.is(Kind::kBool) || value.is(Kind::kInt) || value.is(Kind::kUint) || value.is(Kind::kString);
}

std::string SpellKey(const Value& key) {
  switch (key.kind()) {
    case Value::Kind::kBool:
      return key.get_bool() ? "b1" : "b0";
    case Value::Kind::kInt:
      return "n" + std::to_string(key.get_int());
    case Value::Kind::kUint:
      return "n" + std::to_string(key.get_uint());
    case Value::Kind::kDouble:
      return SpellWhole(key.get_double());
    case Value::Kind::kString:
      return "s" + std::string(key.get_text());
    default:
      return {};
  }
}

bool MapValue::Add(Value key, Value value) {
  if (Find(key) != nullptr) return false;
  std::string spelling = SpellKey(key);
  if (entries_.size() < kFewKeys) {
    few_.emplace_back(std::move(spelling), entries_.size());
  } else {
    if (many_.empty()) many_.insert(few_.begin(), few_.end());
    many_.emplace(std::move(spelling), entries_.size());
  }
  entries_.emplace_back(std::move(key), std::move(value));
  return true;
}

const Value* MapValue::Find(const Value& key) const {
  const std::string spelling = SpellKey(key);
  if (spelling.empty()) return nullptr;
  if (!many_.empty()) {
    const auto found = many_.find(spelling);
    return found == many_.end() ? nullptr : &entries_[found->second].second;
  }
  const auto found = std::find_if(few_.begin(), few_.end(), [&](const auto& known) { return known.first == spelling; });
  return found == few_.end() ? nullptr : &entries_[found->second].second;
}

}  // namespace orc
