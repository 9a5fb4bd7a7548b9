// The words of the command line that work on databases while no server does: migrate and move.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"

namespace orc {

bool IsDatabaseCommand(std::string_view word);

/// Carries out `word` with the arguments behind it and gives the exit code. `source.file` is taken from --config.
int RunDatabaseCommand(const std::string& word, const std::vector<std::string>& arguments, ConfigSource source);

}  // namespace orc
