// Reads a small file whole.
#pragma once

#include <string>

#include "base/result.h"

namespace orc {

/// kNotFound (or kTooLarge over `max_bytes`) with the file's name and the system's reason.
Result<std::string> ReadFile(const std::string& path, size_t max_bytes = 16u << 20);

}  // namespace orc
