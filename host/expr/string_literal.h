// String and bytes literals.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace orc {

/// What stands between the quotes, its escapes read. Of bytes, \x and \ooo are bytes; of a string, code points. The error is a sentence.
Result<std::string> ReadEscapes(std::string_view body, bool is_bytes);

}  // namespace orc
