// Words that CEL keeps for itself.
#pragma once

#include <string_view>

namespace orc {

/// "in", "for", "package" …: never the name of a variable. As the name of a member they are fine.
bool IsReservedWord(std::string_view word);

}  // namespace orc
