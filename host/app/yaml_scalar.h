// What a plain YAML scalar means.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace orc {

/// Null, a boolean, a number or the text, as YAML 1.2's core schema says. kInvalid: a whole number beyond 64 bits.
Result<Json> ReadPlainScalar(const std::string& text);

}  // namespace orc
