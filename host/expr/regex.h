// Patterns, on RE2: linear in the text, bounded in memory.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace orc {

/// kInvalid says what is wrong with the pattern.
Result<std::shared_ptr<const re2::RE2>> CompilePattern(std::string_view pattern);

}  // namespace orc
