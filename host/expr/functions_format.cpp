// "…%s…".format([…]): %s %d %f %e %b %o %x %X, with a precision for %f and %e.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "expr/functions.h"
#include "expr/time_text.h"
#include "expr/value_json.h"

namespace orc {
namespace {

using Kind = Value::Kind;

constexpr int kMostDigits = 100;

/// One clause: what follows the %.
struct Clause {
  char letter = 's';
  int precision = 6;
};

Error Fault(std::string why) { return Error{ErrorCode::kInvalid, std::move(why)}; }

Result<Clause> ReadClause(std::string_view text, size_t& at) {
  Clause clause;
  if (at < text.size() && text[at] == '.') {
    clause.precision = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      clause.precision = std::min(clause.precision * 10 + (text[at] - '0'), 10'000);
    if (clause.precision > kMostDigits) return Fault("a precision is at most " + std::to_string(kMostDigits));
  }
  const char letter = at < text.size() ? text[at] : '\0';
  if (letter == '\0' || std::string_view("sdfeboxX").find(letter) == std::string_view::npos) {
    return Fault("the clause %" + (letter == '\0' ? "" : std::string(1, letter)) +
                 " is not known, expected one of %s %d %f %e %b %o %x %X");
  }
  clause.letter = letter;
  ++at;
  return clause;
}

Error WrongKind(char letter, const Value& value) { return Fault("%" + std::string(1, letter) + " does not take " + KindName(value)); }

std::string Shown(const Value& value);

std::string ShownList(const Value& list) {
  std::string text = "[";
  for (size_t i = 0; i < list.size(); ++i) text += (i == 0 ? "" : ", ") + Shown(list.At(i));
  return text + "]";
}

/// By key, so that the text does not depend on how the map came about.
std::string ShownMap(const Value& map) {
  std::vector<std::string> entries;
  for (size_t i = 0; i < map.size(); ++i) {
    const auto [key, value] = map.EntryAt(i);
    entries.push_back(Shown(key) + ": " + Shown(value));
  }
  std::sort(entries.begin(), entries.end());
  std::string text = "{";
  for (size_t i = 0; i < entries.size(); ++i) text += (i == 0 ? "" : ", ") + entries[i];
  return text + "}";
}

std::string Shown(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.get_bool() ? "true" : "false";
    case Kind::kInt:
      return std::to_string(value.get_int());
    case Kind::kUint:
      return std::to_string(value.get_uint());
    case Kind::kDouble:
      return FormatDouble(value.get_double());
    case Kind::kTimestamp:
      return FormatTimestamp(value.get_time());
    case Kind::kDuration:
      return FormatDuration(value.get_duration());
    case Kind::kList:
      return ShownList(value);
    case Kind::kMap:
      return ShownMap(value);
    case Kind::kOptional:
      return value.get_optional() != nullptr ? "optional.of(" + Shown(*value.get_optional()) + ")" : "optional.none()";
    default:
      return std::string(value.get_text());
  }
}

Result<std::string> FormatReal(const Clause& clause, const Value& value) {
  double number = 0;
  if (value.is(Kind::kDouble)) {
    number = value.get_double();
  } else if (value.is(Kind::kInt)) {
    number = static_cast<double>(value.get_int());
  } else if (value.is(Kind::kUint)) {
    number = static_cast<double>(value.get_uint());
  } else {
    return WrongKind(clause.letter, value);
  }
  if (!std::isfinite(number)) return FormatDouble(number);
  std::array<char, 512> text{};
  const int length = clause.letter == 'f' ? std::snprintf(text.data(), text.size(), "%.*f", clause.precision, number)
                                          : std::snprintf(text.data(), text.size(), "%.*e", clause.precision, number);
  return std::string(text.data(), static_cast<size_t>(length));
}

Result<std::string> FormatDecimal(const Value& value) {
  if (value.is(Kind::kInt) || value.is(Kind::kUint)) return Shown(value);
  if (value.is(Kind::kDouble) && !std::isfinite(value.get_double())) return FormatDouble(value.get_double());
  return WrongKind('d', value);
}

std::string Digits(uint64_t number, unsigned base, bool upper) {
  const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), digits[number % base]);
    number /= base;
  } while (number > 0);
  return text;
}

Result<std::string> FormatBase(const Clause& clause, const Value& value) {
  const bool is_hex = clause.letter == 'x' || clause.letter == 'X';
  const bool upper = clause.letter == 'X';
  const unsigned base = is_hex ? 16 : clause.letter == 'o' ? 8 : 2;
  if (value.is(Kind::kUint)) return Digits(value.get_uint(), base, upper);
  if (value.is(Kind::kInt)) {
    const bool is_negative = value.get_int() < 0;
    const auto bits = static_cast<uint64_t>(value.get_int());
    return (is_negative ? "-" : "") + Digits(is_negative ? ~bits + 1 : bits, base, upper);
  }
  if (value.is(Kind::kBool) && base == 2) return std::string(value.get_bool() ? "1" : "0");
  if (!is_hex || !(value.is(Kind::kString) || value.is(Kind::kBytes))) return WrongKind(clause.letter, value);
  std::string text;
  for (const char c : value.get_text()) {
    const std::string two = Digits(static_cast<unsigned char>(c), 16, upper);
    text += two.size() == 1 ? "0" + two : two;
  }
  return text;
}

Result<std::string> FormatOne(const Clause& clause, const Value& value) {
  switch (clause.letter) {
    case 's':
      return Shown(value);
    case 'd':
      return FormatDecimal(value);
    case 'f':
    case 'e':
      return FormatReal(clause, value);
    default:
      return FormatBase(clause, value);
  }
}

/// So many steps as the value has parts: it is walked through.
bool ChargeParts(Budget& budget, const Value& value) {
  if (!budget.Step()) return false;
  if (value.is(Kind::kString) || value.is(Kind::kBytes)) return budget.Make(value.get_text().size());
  if (!value.is(Kind::kList) && !value.is(Kind::kMap)) return true;
  for (size_t i = 0; i < value.size(); ++i) {
    if (!ChargeParts(budget, value.is(Kind::kList) ? value.At(i) : value.EntryAt(i).second)) return false;
    if (value.is(Kind::kMap) && !ChargeParts(budget, value.EntryAt(i).first)) return false;
  }
  return true;
}

Value Format(const Call& call) {
  if (!call[0].is(Kind::kString) || !call[1].is(Kind::kList)) return call.NoOverload();
  const std::string_view text = call[0].get_text();
  std::string made;
  size_t used = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t percent = std::min(text.find('%', at), text.size());
    made.append(text.substr(at, percent - at));
    at = percent + 1;
    if (percent == text.size()) break;
    if (at < text.size() && text[at] == '%') {
      made += '%';
      ++at;
      continue;
    }
    const auto clause = ReadClause(text, at);
    if (!clause.ok()) return call.Fail(clause.error().message);
    if (used == call[1].size()) return call.Fail("there is no value for the " + std::to_string(used + 1) + ". clause");
    const Value value = call[1].At(used++);
    if (!ChargeParts(call.budget, value)) return call.Exhausted();
    const auto one = FormatOne(*clause, value);
    if (!one.ok()) return call.Fail(one.error().message);
    if (!call.MayMake(one->size())) return call.Exhausted();
    made += *one;
  }
  return call.Text(std::move(made));
}

constexpr std::array<Function, 1> kFunctions = {{{"format", Function::Form::kMember, 2, 2, &Format}}};

}  // namespace

std::span<const Function> FormatFunctions() { return kFunctions; }

}  // namespace orc
