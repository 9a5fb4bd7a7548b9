// Text. Positions and lengths count characters of Unicode.
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/search_text.h"

namespace orc {
namespace {

using Kind = Value::Kind;

bool IsText(const Call& call, size_t index) { return call[index].is(Kind::kString); }
bool IsOptionalInt(const Call& call, size_t index) { return call.count() <= index || call[index].is(Kind::kInt); }
Value OutOfRange(const Call& call, int64_t index) { return call.Fail("index out of range: " + std::to_string(index)); }

Value Size(const Call& call) {
  const Value& of = call[0];
  if (of.is(Kind::kString))
    return call.budget.StepOver(of.get_text().size()) ? Value::Int(static_cast<int64_t>(CountUtf8(of.get_text()))) : call.Exhausted();
  if (of.is(Kind::kBytes)) return Value::Int(static_cast<int64_t>(of.get_text().size()));
  if (of.is(Kind::kList) || of.is(Kind::kMap)) return Value::Int(static_cast<int64_t>(of.size()));
  return call.NoOverload();
}

template <typename Holds>
Value Ask(const Call& call, const Holds& holds) {
  if (!IsText(call, 0) || !IsText(call, 1)) return call.NoOverload();
  if (!call.budget.StepOver(call[0].get_text().size() + call[1].get_text().size())) return call.Exhausted();
  return Value::Bool(holds(call[0].get_text(), call[1].get_text()));
}

Value StartsWith(const Call& call) {
  return Ask(call, [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}
Value EndsWith(const Call& call) {
  return Ask(call, [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}
Value Contains(const Call& call) {
  return Ask(call, [](std::string_view text, std::string_view part) { return FindFirst(text, part) != std::string_view::npos; });
}

/// The characters of the target, charged for: four bytes each.
std::optional<std::u32string> Characters(const Call& call, const Value& text) {
  if (!call.MayMake(text.get_text().size() * 4)) return std::nullopt;
  return DecodeUtf8(text.get_text());
}

Value CharAt(const Call& call) {
  if (!IsText(call, 0) || !call[1].is(Kind::kInt)) return call.NoOverload();
  const auto text = Characters(call, call[0]);
  if (!text) return call.Exhausted();
  const int64_t index = call[1].get_int();
  if (index < 0 || index > static_cast<int64_t>(text->size())) return OutOfRange(call, index);
  if (index == static_cast<int64_t>(text->size())) return Value::String("");
  return Value::String(EncodeUtf8(std::u32string_view(*text).substr(static_cast<size_t>(index), 1)));
}

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

size_t CountCharacters(std::string_view text) { return static_cast<size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter)); }

/// Of the first `count` characters.
size_t BytesBefore(std::string_view text, int64_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (BeginsCharacter(text[at]) && count-- == 0) break;
  }
  return at;
}

Value FindPart(const Call& call, bool last) {
  if (!IsText(call, 0) || !IsText(call, 1) || !IsOptionalInt(call, 2)) return call.NoOverload();
  const std::string_view text = call[0].get_text();
  const std::string_view part = call[1].get_text();
  if (!call.budget.Step(text.size() / 16 + part.size() / 16)) return call.Exhausted();
  const auto size = static_cast<int64_t>(CountCharacters(text));
  const int64_t from = call.count() == 3 ? call[2].get_int() : last ? size : 0;
  if (from < 0 || from > size) return OutOfRange(call, from);
  // Of UTF-8 a place among the bytes is one among the characters.
  const size_t begin = BytesBefore(text, from);
  const size_t found = last ? FindLast(text.substr(0, begin + part.size()), part) : FindFirst(text, part, begin);
  return Value::Int(found == std::string_view::npos ? -1 : static_cast<int64_t>(CountCharacters(text.substr(0, found))));
}

Value IndexOf(const Call& call) { return FindPart(call, false); }
Value LastIndexOf(const Call& call) { return FindPart(call, true); }

Value Substring(const Call& call) {
  if (!IsText(call, 0) || !call[1].is(Kind::kInt) || !IsOptionalInt(call, 2)) return call.NoOverload();
  const auto text = Characters(call, call[0]);
  if (!text) return call.Exhausted();
  const auto size = static_cast<int64_t>(text->size());
  const int64_t begin = call[1].get_int();
  const int64_t end = call.count() == 3 ? call[2].get_int() : size;
  if (begin < 0 || begin > size) return OutOfRange(call, begin);
  if (end < 0 || end > size) return OutOfRange(call, end);
  if (begin > end) return call.Fail("invalid substring range. start: " + std::to_string(begin) + ", end: " + std::to_string(end));
  return call.Text(EncodeUtf8(std::u32string_view(*text).substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin))));
}

Value Replace(const Call& call) {
  if (!IsText(call, 0) || !IsText(call, 1) || !IsText(call, 2) || !IsOptionalInt(call, 3)) return call.NoOverload();
  const std::string_view text = call[0].get_text();
  const std::string_view old = call[1].get_text();
  int64_t left = call.count() == 4 && call[3].get_int() >= 0 ? call[3].get_int() : INT64_MAX;
  std::string made;
  size_t at = 0;
  while (left > 0) {
    const size_t found = FindFirst(text, old, at);
    if (found == std::string_view::npos) break;
    // Nothing is found between any two characters.
    const size_t passed = old.empty() && found < text.size() ? std::max<size_t>(1, Utf8Length(text, found)) : 0;
    if (!call.MayMake(found - at + call[2].get_text().size() + passed)) return call.Exhausted();
    made.append(text.substr(at, found - at)).append(call[2].get_text()).append(text.substr(found, passed));
    at = found + old.size() + passed;
    --left;
    if (old.empty() && passed == 0) break;
  }
  made.append(text.substr(std::min(at, text.size())));
  return call.Text(std::move(made));
}

/// The characters of a text, each as a value.
Value SplitCharacters(const Call& call, std::string_view text, int64_t most) {
  std::vector<Value> parts;
  size_t at = 0;
  while (at < text.size() && static_cast<int64_t>(parts.size()) + 1 < most) {
    const size_t length = std::max<size_t>(1, Utf8Length(text, at));
    if (!call.MayMake(length + sizeof(Value))) return call.Exhausted();
    parts.push_back(Value::String(std::string(text.substr(at, length))));
    at += length;
  }
  if (at < text.size()) parts.push_back(Value::String(std::string(text.substr(at))));
  return call.Elements(std::move(parts));
}

Value Split(const Call& call) {
  if (!IsText(call, 0) || !IsText(call, 1) || !IsOptionalInt(call, 2)) return call.NoOverload();
  const int64_t most = call.count() == 3 && call[2].get_int() >= 0 ? call[2].get_int() : INT64_MAX;
  std::string_view text = call[0].get_text();
  const std::string_view separator = call[1].get_text();
  if (most == 0) return Value::List({});
  if (separator.empty()) return SplitCharacters(call, text, most);
  std::vector<Value> parts;
  while (static_cast<int64_t>(parts.size()) + 1 < most) {
    const size_t found = FindFirst(text, separator);
    if (found == std::string_view::npos) break;
    if (!call.MayMake(found + sizeof(Value))) return call.Exhausted();
    parts.push_back(Value::String(std::string(text.substr(0, found))));
    text.remove_prefix(found + separator.size());
  }
  Value rest = call.Text(std::string(text));
  if (rest.is_error()) return rest;
  parts.push_back(std::move(rest));
  return call.Elements(std::move(parts));
}

Value Join(const Call& call) {
  if (!call[0].is(Kind::kList) || (call.count() == 2 && !IsText(call, 1))) return call.NoOverload();
  const std::string_view separator = call.count() == 2 ? call[1].get_text() : std::string_view();
  std::string joined;
  for (size_t i = 0; i < call[0].size(); ++i) {
    const Value part = call[0].At(i);
    if (!part.is(Kind::kString)) return call.Fail("join() takes strings, found " + KindName(part) + " at [" + std::to_string(i) + "]");
    if (!call.MayMake(part.get_text().size() + separator.size())) return call.Exhausted();
    if (i > 0) joined += separator;
    joined += part.get_text();
  }
  return Value::String(std::move(joined));
}

template <typename Change>
Value ChangeBytes(const Call& call, const Change& change) {
  if (!IsText(call, 0)) return call.NoOverload();
  std::string text(call[0].get_text());
  for (char& c : text) c = change(c);
  return call.Text(std::move(text));
}

Value LowerAscii(const Call& call) {
  return ChangeBytes(call, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}
Value UpperAscii(const Call& call) {
  return ChangeBytes(call, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
}

/// White space as Unicode has it.
bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

Value Trim(const Call& call) {
  if (!IsText(call, 0)) return call.NoOverload();
  const auto text = Characters(call, call[0]);
  if (!text) return call.Exhausted();
  const auto begin = std::find_if_not(text->begin(), text->end(), IsSpace);
  const auto end = std::find_if_not(text->rbegin(), std::make_reverse_iterator(begin), IsSpace).base();
  return call.Text(EncodeUtf8(std::u32string(begin, end)));
}

Value Quote(const Call& call) {
  if (!IsText(call, 0)) return call.NoOverload();
  constexpr std::string_view kOdd = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  std::string quoted = "\"";
  for (const char c : call[0].get_text()) {
    const size_t odd = kOdd.find(c);
    if (odd != std::string_view::npos) {
      quoted += '\\';
      quoted += kLetters[odd];
    } else {
      quoted += c;
    }
  }
  return call.Text(quoted + "\"");
}

using Form = Function::Form;
constexpr std::array<Function, 15> kFunctions = {{{"size", Form::kBoth, 1, 1, &Size},
                                                  {"startsWith", Form::kMember, 2, 2, &StartsWith},
                                                  {"endsWith", Form::kMember, 2, 2, &EndsWith},
                                                  {"contains", Form::kMember, 2, 2, &Contains},
                                                  {"charAt", Form::kMember, 2, 2, &CharAt},
                                                  {"indexOf", Form::kMember, 2, 3, &IndexOf},
                                                  {"lastIndexOf", Form::kMember, 2, 3, &LastIndexOf},
                                                  {"substring", Form::kMember, 2, 3, &Substring},
                                                  {"replace", Form::kMember, 3, 4, &Replace},
                                                  {"split", Form::kMember, 2, 3, &Split},
                                                  {"join", Form::kMember, 1, 2, &Join},
                                                  {"lowerAscii", Form::kMember, 1, 1, &LowerAscii},
                                                  {"upperAscii", Form::kMember, 1, 1, &UpperAscii},
                                                  {"trim", Form::kMember, 1, 1, &Trim},
                                                  {"strings.quote", Form::kGlobal, 1, 1, &Quote}}};

}  // namespace

std::span<const Function> StringFunctions() { return kFunctions; }

}  // namespace orc
