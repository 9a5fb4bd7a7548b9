#include "expr/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/utf8.h"
#include "expr/string_literal.h"

namespace orc {
namespace {

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

/// What precedes the quote of a literal, and the quote.
struct Opening {
  bool is_literal = false;
  bool is_raw = false;
  bool is_bytes = false;
  size_t prefix = 0;            // letters before the quote
  std::string_view quote = {};  // one or three
};

Opening OpeningAt(std::string_view source, size_t at) {
  Opening opening;
  while (opening.prefix < 2 && at + opening.prefix < source.size()) {
    const char c = source[at + opening.prefix];
    bool& flag = c == 'r' || c == 'R' ? opening.is_raw : opening.is_bytes;
    if ((c != 'r' && c != 'R' && c != 'b' && c != 'B') || flag) break;
    flag = true;
    ++opening.prefix;
  }
  const std::string_view rest = source.substr(std::min(source.size(), at + opening.prefix));
  for (const std::string_view quote : {"\"\"\"", "'''", "\"", "'"}) {
    if (!rest.starts_with(quote)) continue;
    opening.quote = quote;
    opening.is_literal = true;
    break;
  }
  return opening;
}

/// Where the body that begins at `at` ends: at its closing quote; npos when it does not.
size_t EndOfBody(std::string_view source, size_t at, const Opening& opening) {
  while (at < source.size()) {
    if (source.substr(at).starts_with(opening.quote)) return at;
    const bool is_break = source[at] == '\n' || source[at] == '\r';
    if (is_break && opening.quote.size() == 1) return std::string_view::npos;
    at += source[at] == '\\' && !opening.is_raw ? 2 : 1;
  }
  return std::string_view::npos;
}

constexpr std::array<std::string_view, 27> kSigns = {"&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":",
                                                     "?",  "!",  "<",  ">",  "+",  "-",  "*", "/", "%", ".", "=", "&", "|"};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Lexed Run() {
    while (SkipSpace(), at_ < source_.size() && !result_.fault) Next();
    Add(Token::Kind::kEnd, source_.size(), "");
    return std::move(result_);
  }

 private:
  void SkipSpace() {
    while (at_ < source_.size()) {
      if (std::string_view(" \t\r\n\f").find(source_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (source_.substr(at_).starts_with("//")) {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else {
        return;
      }
    }
  }

  void Next() {
    const char c = source_[at_];
    const char after = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    if (OpeningAt(source_, at_).is_literal) return ReadString();
    if (IsNameStart(c)) return ReadName();
    if (IsDigit(c) || (c == '.' && IsDigit(after))) return ReadNumber();
    if (c == '`') return ReadQuotedName();
    ReadSign();
  }

  void ReadString() {
    const Opening opening = OpeningAt(source_, at_);
    const size_t begin = at_ + opening.prefix + opening.quote.size();
    const size_t end = EndOfBody(source_, begin, opening);
    if (end == std::string_view::npos) return Fail(at_, "the string has no closing " + std::string(opening.quote));
    const std::string_view body = source_.substr(begin, end - begin);
    Result<std::string> text = opening.is_raw ? std::string(body) : ReadEscapes(body, opening.is_bytes);
    if (!text.ok()) return Fail(at_, text.error().message);
    Add(opening.is_bytes ? Token::Kind::kBytes : Token::Kind::kString, end + opening.quote.size(), *text);
  }

  void ReadName() {
    size_t end = at_;
    while (end < source_.size() && IsNamePart(source_[end])) ++end;
    Add(Token::Kind::kName, end, source_.substr(at_, end - at_));
  }

  void ReadQuotedName() {
    const size_t end = source_.find('`', at_ + 1);
    if (end == std::string_view::npos) return Fail(at_, "the quoted name has no closing `");
    const std::string_view name = source_.substr(at_ + 1, end - at_ - 1);
    const auto fits = [](char c) { return IsNamePart(c) || c == '.' || c == '-' || c == '/' || c == ' '; };
    if (name.empty() || !std::all_of(name.begin(), name.end(), fits)) {
      return Fail(at_, "a quoted name has letters, digits, _ . - / and spaces; write [\"…\"] for any other");
    }
    Add(Token::Kind::kQuotedName, end + 1, name);
  }

  void ReadNumber() {
    size_t end = at_;
    bool is_double = false;
    const auto digits = [&] {
      while (end < source_.size() && IsDigit(source_[end])) ++end;
    };
    if (source_.substr(at_, 2) == "0x" || source_.substr(at_, 2) == "0X") {
      end += 2;
      while (end < source_.size() && std::isxdigit(static_cast<unsigned char>(source_[end])) != 0) ++end;
    } else {
      digits();
      if (end + 1 < source_.size() && source_[end] == '.' && IsDigit(source_[end + 1])) {
        is_double = true;
        ++end;
        digits();
      }
      is_double |= ReadExponent(end);
    }
    const bool is_uint = !is_double && end < source_.size() && (source_[end] == 'u' || source_[end] == 'U');
    const std::string_view text = source_.substr(at_, end - at_);
    if (is_uint) ++end;
    if (end < source_.size() && IsNamePart(source_[end]))
      return Fail(at_, "a number is followed by \"" + std::string(1, source_[end]) + "\"");
    Add(is_double ? Token::Kind::kDouble : is_uint ? Token::Kind::kUint : Token::Kind::kInt, end, text);
  }

  bool ReadExponent(size_t& end) const {
    if (end >= source_.size() || (source_[end] != 'e' && source_[end] != 'E')) return false;
    size_t at = end + 1;
    if (at < source_.size() && (source_[at] == '+' || source_[at] == '-')) ++at;
    if (at >= source_.size() || !IsDigit(source_[at])) return false;
    while (at < source_.size() && IsDigit(source_[at])) ++at;
    end = at;
    return true;
  }

  void ReadSign() {
    for (const std::string_view sign : kSigns) {
      if (source_.substr(at_).starts_with(sign)) return Add(Token::Kind::kSign, at_ + sign.size(), sign);
    }
    Fail(at_, "\"" + std::string(source_.substr(at_, std::max<size_t>(1, Utf8Length(source_, at_)))) + "\" means nothing here");
  }

  void Add(Token::Kind kind, size_t end, std::string_view text) {
    result_.tokens.push_back({kind, static_cast<uint32_t>(at_), static_cast<uint32_t>(end), std::string(text)});
    at_ = end;
  }
  void Fail(size_t at, std::string why) {
    if (!result_.fault) result_.fault = EvaluationFault{std::move(why), static_cast<uint32_t>(at)};
    at_ = source_.size();
  }

  std::string_view source_;
  size_t at_ = 0;
  Lexed result_;
};

}  // namespace

Lexed Lex(std::string_view source) { return Lexer(source).Run(); }

size_t EndOfLiteral(std::string_view source, size_t at) {
  const Opening opening = OpeningAt(source, at);
  if (!opening.is_literal) return at;
  const size_t end = EndOfBody(source, at + opening.prefix + opening.quote.size(), opening);
  return end == std::string_view::npos ? end : end + opening.quote.size();
}

}  // namespace orc
