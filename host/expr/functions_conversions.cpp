// Conversions between the kinds of values.
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/read_real.h"
#include "expr/time_text.h"
#include "expr/value_json.h"

namespace orc {
namespace {

using Kind = Value::Kind;

Value OutOfRange(const Call& call, std::string_view type) { return call.Fail("the value is out of the range of " + std::string(type)); }

Value Unreadable(const Call& call, std::string_view type) {
  std::string shown = Shortened(std::string(call[0].get_text()), 40);
  return call.Fail("\"" + shown + "\" is no " + std::string(type));
}

template <typename T>
std::optional<T> ReadWhole(std::string_view text) {
  T value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Value ToInt(const Call& call) {
  const Value& from = call[0];
  switch (from.kind()) {
    case Kind::kInt:
      return from;
    case Kind::kUint:
      return from.get_uint() <= INT64_MAX ? Value::Int(static_cast<int64_t>(from.get_uint())) : OutOfRange(call, "int");
    case Kind::kDouble:
      // The ends are no doubles: what rounds to them is not taken.
      if (!(from.get_double() > -9223372036854775808.0 && from.get_double() < 9223372036854775807.0)) return OutOfRange(call, "int");
      return Value::Int(static_cast<int64_t>(from.get_double()));
    case Kind::kString: {
      const auto read = ReadWhole<int64_t>(from.get_text());
      return read ? Value::Int(*read) : Unreadable(call, "int");
    }
    case Kind::kTimestamp:
      return Value::Int(from.get_time().seconds);
    case Kind::kDuration:
      return Value::Int(from.get_duration() / 1'000'000'000);
    default:
      return call.NoOverload();
  }
}

Value ToUint(const Call& call) {
  const Value& from = call[0];
  switch (from.kind()) {
    case Kind::kUint:
      return from;
    case Kind::kInt:
      return from.get_int() >= 0 ? Value::Uint(static_cast<uint64_t>(from.get_int())) : OutOfRange(call, "uint");
    case Kind::kDouble:
      if (!(from.get_double() > -1 && from.get_double() < 18446744073709551615.0)) return OutOfRange(call, "uint");
      return from.get_double() < 0 ? OutOfRange(call, "uint") : Value::Uint(static_cast<uint64_t>(from.get_double()));
    case Kind::kString: {
      const auto read = ReadWhole<uint64_t>(from.get_text());
      return read ? Value::Uint(*read) : Unreadable(call, "uint");
    }
    default:
      return call.NoOverload();
  }
}

std::optional<double> ReadDouble(std::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "Infinity" || text == "+Infinity" || text == "inf" || text == "+inf") return INFINITY;
  if (text == "-Infinity" || text == "-inf") return -INFINITY;
  if (text.starts_with('+')) text.remove_prefix(1);
  return ReadReal(text);
}

Value ToDouble(const Call& call) {
  const Value& from = call[0];
  if (from.is(Kind::kDouble)) return from;
  if (from.is(Kind::kInt)) return Value::Double(static_cast<double>(from.get_int()));
  if (from.is(Kind::kUint)) return Value::Double(static_cast<double>(from.get_uint()));
  if (!from.is(Kind::kString)) return call.NoOverload();
  const auto read = ReadDouble(from.get_text());
  return read ? Value::Double(*read) : Unreadable(call, "double");
}

Value ToBool(const Call& call) {
  const Value& from = call[0];
  if (from.is(Kind::kBool)) return from;
  if (!from.is(Kind::kString)) return call.NoOverload();
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (from.get_text() == yes) return Value::Bool(true);
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (from.get_text() == no) return Value::Bool(false);
  }
  return Unreadable(call, "bool");
}

Value ToText(const Call& call) {
  const Value& from = call[0];
  switch (from.kind()) {
    case Kind::kString:
      return from;
    case Kind::kBool:
      return Value::String(from.get_bool() ? "true" : "false");
    case Kind::kInt:
      return Value::String(std::to_string(from.get_int()));
    case Kind::kUint:
      return Value::String(std::to_string(from.get_uint()));
    case Kind::kDouble:
      return Value::String(FormatDouble(from.get_double()));
    case Kind::kBytes:
      if (FindBadUtf8(from.get_text()) != from.get_text().size()) return call.Fail("the bytes are no UTF-8");
      return call.Text(std::string(from.get_text()));
    case Kind::kTimestamp:
      return Value::String(FormatTimestamp(from.get_time()));
    case Kind::kDuration:
      return Value::String(FormatDuration(from.get_duration()));
    default:
      return call.NoOverload();
  }
}

Value ToBytes(const Call& call) {
  if (call[0].is(Kind::kBytes)) return call[0];
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  return call.MayMake(call[0].get_text().size()) ? Value::Bytes(std::string(call[0].get_text())) : call.Exhausted();
}

Value ToTimestamp(const Call& call) {
  if (call[0].is(Kind::kTimestamp)) return call[0];
  if (call[0].is(Kind::kInt)) {
    const Timestamp time{call[0].get_int(), 0};
    return IsInRange(time) ? Value::Time(time) : OutOfRange(call, "timestamp");
  }
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  const auto read = ParseTimestamp(call[0].get_text());
  return read ? Value::Time(*read) : Unreadable(call, "timestamp such as \"2026-11-23T08:00:00Z\"");
}

Value ToDuration(const Call& call) {
  if (call[0].is(Kind::kDuration)) return call[0];
  if (call[0].is(Kind::kInt)) {
    int64_t nanos = 0;
    if (__builtin_mul_overflow(call[0].get_int(), int64_t{1'000'000'000}, &nanos)) return OutOfRange(call, "duration");
    return Value::Duration(nanos);
  }
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  const auto read = ParseDuration(call[0].get_text());
  return read ? Value::Duration(*read) : Unreadable(call, "duration such as \"1h30m\", at most 292 years");
}

Value TypeOf(const Call& call) { return Value::Type(call[0].type_name()); }
Value Same(const Call& call) { return call[0]; }

constexpr auto kGlobal = Function::Form::kGlobal;
constexpr std::array<Function, 10> kFunctions = {{{"int", kGlobal, 1, 1, &ToInt},
                                                  {"uint", kGlobal, 1, 1, &ToUint},
                                                  {"double", kGlobal, 1, 1, &ToDouble},
                                                  {"bool", kGlobal, 1, 1, &ToBool},
                                                  {"string", kGlobal, 1, 1, &ToText},
                                                  {"bytes", kGlobal, 1, 1, &ToBytes},
                                                  {"timestamp", kGlobal, 1, 1, &ToTimestamp},
                                                  {"duration", kGlobal, 1, 1, &ToDuration},
                                                  {"type", kGlobal, 1, 1, &TypeOf},
                                                  {"dyn", kGlobal, 1, 1, &Same}}};

}  // namespace

std::span<const Function> ConversionFunctions() { return kFunctions; }

}  // namespace orc
