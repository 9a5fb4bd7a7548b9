// The symbols that an ELF library shows to others.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace orc::check {

/// By name. Runs nothing of the library. An error says why the file is no 64-bit ELF library.
Result<std::vector<std::string>> ExportedSymbols(const std::string& file);

}  // namespace orc::check
