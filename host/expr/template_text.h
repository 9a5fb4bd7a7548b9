// One string of a template taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orc {

inline constexpr std::string_view kOpenBraces = "{{";
inline constexpr std::string_view kCloseBraces = "}}";
inline constexpr std::string_view kEscapedBraces = "{{{{";

struct TemplatePiece {
  std::string text;  // literal, or the source of an expression
  bool is_expression = false;
};

/// kInvalid when a `{{` has no end. No literal is empty.
Result<std::vector<TemplatePiece>> SplitTemplate(std::string_view text);

/// `text` so that it stays text when it is compiled.
std::string EscapeBraces(std::string text);

}  // namespace orc
