#include "expr/template_text.h"

#include <algorithm>
#include <cctype>

#include "expr/lexer.h"

namespace orc {
namespace {

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }

/// Behind the token at `at`, as far as that matters for finding braces: a string, a comment, a name, or one character.
size_t EndOfToken(std::string_view text, size_t at) {
  if (const size_t end = EndOfLiteral(text, at); end != at) return std::min(end, text.size());
  if (text.substr(at).starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (!IsNameStart(text[at])) return at + 1;
  // The r of a name before a quote is no prefix.
  while (at < text.size() && IsNamePart(text[at])) ++at;
  return at;
}

/// Where the `}}` of an expression is: the first that does not belong to a string, a comment or a map.
size_t FindClose(std::string_view text, size_t from) {
  size_t depth = 0;
  for (size_t at = from; at < text.size(); at = EndOfToken(text, at)) {
    if (text[at] == '{') ++depth;
    if (text[at] != '}') continue;
    if (depth > 0) {
      --depth;
    } else if (text.substr(at).starts_with(kCloseBraces)) {
      return at;
    }
  }
  return std::string_view::npos;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

Result<std::vector<TemplatePiece>> SplitTemplate(std::string_view text) {
  std::vector<TemplatePiece> pieces;
  const auto add_literal = [&pieces](std::string_view literal) {
    if (!literal.empty()) pieces.push_back({std::string(literal), false});
  };
  size_t at = 0;
  while (at < text.size()) {
    const size_t open = text.find(kOpenBraces, at);
    if (open == std::string_view::npos) break;
    add_literal(text.substr(at, open - at));
    if (text.substr(open).starts_with(kEscapedBraces)) {
      add_literal(kOpenBraces);
      at = open + kEscapedBraces.size();
      continue;
    }
    const size_t begin = open + kOpenBraces.size();
    const size_t close = FindClose(text, begin);
    if (close == std::string_view::npos) {
      return Error{ErrorCode::kInvalid,
                   "\"{{\" at column " + std::to_string(open + 1) + " has no \"}}\"; write \"{{{{\" for a literal \"{{\""};
    }
    pieces.push_back({std::string(Trimmed(text.substr(begin, close - begin))), true});
    at = close + kCloseBraces.size();
  }
  add_literal(text.substr(at));
  return pieces;
}

std::string EscapeBraces(std::string text) {
  for (size_t at = text.find(kOpenBraces); at != std::string::npos; at = text.find(kOpenBraces, at + kEscapedBraces.size())) {
    text.replace(at, kOpenBraces.size(), kEscapedBraces);
  }
  return text;
}

}  // namespace orc
