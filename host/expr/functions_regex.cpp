#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/regex.h"

namespace orc {
namespace {

using Kind = Value::Kind;
using Pattern = std::shared_ptr<const re2::RE2>;

constexpr int64_t kMaxProgramBytes = 256 << 10;
constexpr size_t kMaxPattern = 4096;
constexpr size_t kCompileSteps = 1000;  // what compiling a pattern costs beside its length

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

/// The compiled pattern: that of the node where it is a literal.
Result<Pattern> PatternOf(const Call& call, const Value& pattern) {
  if (call.node.pattern != nullptr) return call.node.pattern;
  if (!call.budget.Step(kCompileSteps + pattern.get_text().size())) return Error{ErrorCode::kTooLarge, ""};
  return CompilePattern(pattern.get_text());
}

Value FailPattern(const Call& call, const Error& error) {
  return error.code == ErrorCode::kTooLarge ? call.Exhausted() : call.Fail(error.message);
}

bool AreTexts(const Call& call) {
  return std::all_of(call.arguments.begin(), call.arguments.end(), [](const Value& value) { return value.is(Kind::kString); });
}

/// A match is linear in the text, with a factor of the pattern's size.
bool ChargeMatch(const Call& call) { return call.budget.StepOver(call[0].get_text().size() * 4); }

Value Matches(const Call& call) {
  if (!AreTexts(call)) return call.NoOverload();
  const auto pattern = PatternOf(call, call[1]);
  if (!pattern.ok()) return FailPattern(call, pattern.error());
  if (!ChargeMatch(call)) return call.Exhausted();
  return Value::Bool(re2::RE2::PartialMatch(Piece(call[0].get_text()), **pattern));
}

/// Of the character at `at`; 1 at the end.
size_t LengthAt(std::string_view text, size_t at) { return at < text.size() ? std::max<size_t>(1, Utf8Length(text, at)) : 1; }

/// RE2 writes \1 where others write $1: as it is given.
Value Replace(const Call& call) {
  const bool has_count = call.count() == 4;
  if (!call[0].is(Kind::kString) || !call[1].is(Kind::kString) || !call[2].is(Kind::kString) || (has_count && !call[3].is(Kind::kInt))) {
    return call.NoOverload();
  }
  const auto pattern = PatternOf(call, call[1]);
  if (!pattern.ok()) return FailPattern(call, pattern.error());
  std::string why;
  const re2::StringPiece rewrite = Piece(call[2].get_text());
  if (!(*pattern)->CheckRewriteString(rewrite, &why)) return call.Fail("the replacement does not fit the pattern: " + why);
  const int64_t most = has_count && call[3].get_int() >= 0 ? call[3].get_int() : INT64_MAX;
  const std::string_view text = call[0].get_text();
  std::string made;
  size_t at = 0;
  std::array<re2::StringPiece, 10> groups;
  for (int64_t count = 0; count < most && at <= text.size(); ++count) {
    if (!ChargeMatch(call)) return call.Exhausted();
    if (!(*pattern)->Match(Piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) break;
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    made.append(text.substr(at, begin - at));
    (*pattern)->Rewrite(&made, rewrite, groups.data(), static_cast<int>(groups.size()));
    if (!call.budget.Step(1 + made.size() / 4096) || made.size() > (8u << 20)) return call.Exhausted();
    at = begin + groups[0].size();
    if (!groups[0].empty()) continue;
    const size_t length = LengthAt(text, at);  // nothing matched: the next character is passed
    made.append(text.substr(std::min(at, text.size()), length));
    at += length;
  }
  if (at < text.size()) made.append(text.substr(at));
  return call.Text(std::move(made));
}

/// What the match shows: its one group, or all of it.
std::string_view Shown(const std::array<re2::StringPiece, 2>& groups, const re2::RE2& pattern) {
  const re2::StringPiece& piece = pattern.NumberOfCapturingGroups() == 1 ? groups[1] : groups[0];
  return {piece.data(), piece.size()};
}

Value TooManyGroups(const Call& call) { return call.Fail("the pattern has more than one group"); }

Value Extract(const Call& call) {
  if (!AreTexts(call)) return call.NoOverload();
  const auto pattern = PatternOf(call, call[1]);
  if (!pattern.ok()) return FailPattern(call, pattern.error());
  if ((*pattern)->NumberOfCapturingGroups() > 1) return TooManyGroups(call);
  if (!ChargeMatch(call)) return call.Exhausted();
  std::array<re2::StringPiece, 2> groups;
  const std::string_view text = call[0].get_text();
  if (!(*pattern)->Match(Piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(), 2)) return Value::None();
  return Value::Some(call.Text(std::string(Shown(groups, **pattern))));
}

Value ExtractAll(const Call& call) {
  if (!AreTexts(call)) return call.NoOverload();
  const auto pattern = PatternOf(call, call[1]);
  if (!pattern.ok()) return FailPattern(call, pattern.error());
  if ((*pattern)->NumberOfCapturingGroups() > 1) return TooManyGroups(call);
  std::vector<Value> found;
  const std::string_view text = call[0].get_text();
  std::array<re2::StringPiece, 2> groups;
  for (size_t at = 0; at <= text.size();) {
    if (!ChargeMatch(call)) return call.Exhausted();
    if (!(*pattern)->Match(Piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), 2)) break;
    Value one = call.Text(std::string(Shown(groups, **pattern)));
    if (one.is_error()) return one;
    found.push_back(std::move(one));
    const auto end = static_cast<size_t>(groups[0].data() - text.data()) + groups[0].size();
    at = groups[0].empty() ? end + LengthAt(text, end) : end;
  }
  return call.Elements(std::move(found));
}

using Form = Function::Form;
constexpr std::array<Function, 4> kFunctions = {{{"matches", Form::kBoth, 2, 2, &Matches},
                                                 {"regex.replace", Form::kGlobal, 3, 4, &Replace},
                                                 {"regex.extract", Form::kGlobal, 2, 2, &Extract},
                                                 {"regex.extractAll", Form::kGlobal, 2, 2, &ExtractAll}}};

}  // namespace

Result<std::shared_ptr<const re2::RE2>> CompilePattern(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) return Error{ErrorCode::kInvalid, "a pattern has at most " + std::to_string(kMaxPattern) + " bytes"};
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  auto compiled = std::make_shared<const re2::RE2>(Piece(pattern), options);
  if (!compiled->ok()) return Error{ErrorCode::kInvalid, "the pattern cannot be read: " + compiled->error()};
  return compiled;
}

std::span<const Function> RegexFunctions() { return kFunctions; }

}  // namespace orc
