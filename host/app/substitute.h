// `${NAME}` and `${NAME:-default}` in the values of a configuration.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace orc {

/// Answers the value of an environment variable, or nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment ProcessEnvironment();

/// `text` with every `${NAME}` and `${NAME:-default}` put in; `$${` stands for a literal `${`. The default counts for a variable
/// that is not set or is empty, as in the shell. kInvalid: a variable that is not set and has no default, or a `${` without its end.
Result<std::string> Substitute(std::string_view text, const Environment& environment);

}  // namespace orc
