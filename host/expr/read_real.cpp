#include "expr/read_real.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace orc {

std::optional<double> ReadReal(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ptr != text.data() + text.size() || read.ec == std::errc::invalid_argument) return std::nullopt;
  // from_chars does not tell the too large from the too small; strtod does. What it is given was judged already.
  if (read.ec == std::errc::result_out_of_range) value = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace orc
