// Values of expressions. They borrow from JSON documents where they can, so that naming a member of a large output copies nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"

namespace orc {

struct EvaluationFault;
class ListValue;
class MapValue;

/// A point in time: 0001-01-01 … 9999-12-31, to the nanosecond.
struct Timestamp {
  int64_t seconds = 0;                                 // since the epoch
  int32_t nanos = 0;                                   // 0 … 999'999'999
  auto operator<=>(const Timestamp&) const = default;  // NOLINT(modernize-use-nullptr): what the compiler makes of it
};

/// One value of CEL. Cheap to copy; immutable. A value made of a JSON document is valid as long as the document, unless it owns it.
class Value {
 public:
  enum class Kind : uint8_t {
    kError,  // what evaluation failed with: never seen outside of host/expr
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kList,
    kMap,
    kTimestamp,
    kDuration,
    kType,
    kOptional
  };

  Value() = default;  // null
  static Value Bool(bool value);
  static Value Int(int64_t value);
  static Value Uint(uint64_t value);
  static Value Double(double value);
  static Value String(std::string text);  // UTF-8
  static Value Bytes(std::string bytes);
  static Value List(std::vector<Value> elements);
  static Value Map(MapValue map);
  static Value Time(Timestamp time);
  static Value Duration(int64_t nanos);
  /// `name` must be a literal.
  static Value Type(std::string_view name);
  static Value Some(Value value);
  static Value None();
  static Value Fault(EvaluationFault fault);

  /// Borrows: `json` must stay as it is while the value, or anything taken from it, is used.
  static Value Of(const Json& json);
  static Value Owning(std::shared_ptr<const Json> json);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_error() const { return kind_ == Kind::kError; }
  bool is_number() const { return kind_ == Kind::kInt || kind_ == Kind::kUint || kind_ == Kind::kDouble; }
  bool is_true() const { return kind_ == Kind::kBool && number_.boolean; }
  /// "int", "google.protobuf.Timestamp" …
  std::string_view type_name() const;
  /// How many lists, maps and optionals lie within one another; of a JSON document what it may have at most.
  uint16_t depth() const { return depth_; }

  // Each only of its kind.
  bool get_bool() const { return number_.boolean; }
  int64_t get_int() const { return number_.integer; }
  uint64_t get_uint() const { return number_.natural; }
  double get_double() const { return number_.real; }
  std::string_view get_text() const { return {static_cast<const char*>(pointer_), size_}; }  // string, bytes, type
  Timestamp get_time() const { return {number_.integer, nanos_}; }
  int64_t get_duration() const { return number_.integer; }  // nanoseconds
  const EvaluationFault& get_fault() const { return *static_cast<const EvaluationFault*>(pointer_); }
  /// The value inside, or null for none.
  const Value* get_optional() const { return static_cast<const Value*>(pointer_); }

  // Lists and maps.
  size_t size() const;
  /// Of a list.
  Value At(size_t index) const;
  /// Of a map, by position: entries come in the order in which they were written.
  std::pair<Value, Value> EntryAt(size_t index) const;
  /// Of a map; numbers are found by their value.
  std::optional<Value> Find(const Value& key) const;
  std::optional<Value> FindName(std::string_view name) const;
  /// The JSON document that this list or map is; null when it was made by an expression.
  const Json* json() const { return is_json_ ? static_cast<const Json*>(pointer_) : nullptr; }

 private:
  Value Inside(const Json& json) const;  // shares the owner

  Kind kind_ = Kind::kNull;
  bool is_json_ = false;
  uint16_t depth_ = 0;
  int32_t nanos_ = 0;
  union {
    bool boolean;
    int64_t integer;
    uint64_t natural;
    double real;
  } number_ = {.integer = 0};
  const void* pointer_ = nullptr;
  size_t size_ = 0;
  std::shared_ptr<const void> owner_;  // of what pointer_ leads to; null: borrowed
};

/// A map made by an expression. Keys are bools, ints, uints and strings, numbers equal by value.
class MapValue {
 public:
  /// False when the key is there already. `key` must be one that may be a key (IsMapKey).
  bool Add(Value key, Value value);
  const Value* Find(const Value& key) const;
  const std::vector<std::pair<Value, Value>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<Value, Value>> entries_;
  std::vector<std::pair<std::string, size_t>> few_;  // by spelling
  std::unordered_map<std::string, size_t> many_;
};

bool IsMapKey(const Value& value);

/// The one spelling of a key, "" for what cannot be one: a whole double is spelt as the integer that it equals.
std::string SpellKey(const Value& key);

/// As deep as a JSON document may be, and as an expression may make a value.
inline constexpr uint16_t kMaxJsonValueDepth = 64;
inline constexpr uint16_t kMaxValueDepth = 200;

}  // namespace orc
