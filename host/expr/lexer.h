// Tokens of an expression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/fault.h"

namespace orc {

struct Token {
  enum class Kind : uint8_t { kEnd, kName, kQuotedName, kInt, kUint, kDouble, kString, kBytes, kSign };
  Kind kind = Kind::kEnd;
  uint32_t begin = 0;  // in the source, in bytes
  uint32_t end = 0;
  std::string text = {};  // names, decoded strings and bytes; numbers and signs as they are written

  bool Is(std::string_view sign) const { return kind == Kind::kSign && text == sign; }
  bool IsWord(std::string_view word) const { return kind == Kind::kName && text == word; }
};

/// The tokens with kEnd as the last, or what is wrong where.
struct Lexed {
  std::vector<Token> tokens;
  std::optional<EvaluationFault> fault;
};
Lexed Lex(std::string_view source);

/// Where the string literal that begins at `at` (with its quote, or with the prefix of a raw or bytes one) ends: one past it; npos when it
/// does not. `at` itself when there is no literal.
size_t EndOfLiteral(std::string_view source, size_t at);

}  // namespace orc
