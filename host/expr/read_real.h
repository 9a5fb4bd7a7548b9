// Doubles as text.
#pragma once

#include <optional>
#include <string_view>

namespace orc {

/// A decimal number, all of `text`; what is too near to zero is zero. Nothing when it is none, or out of range.
std::optional<double> ReadReal(std::string_view text);

}  // namespace orc
