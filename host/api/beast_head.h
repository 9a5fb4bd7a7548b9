// Beast's parser over a head that has passed the gate: a second judge, and what splits it into its fields.
#pragma once

#include <string>

#include "api/request.h"

namespace orc {

/// Fills in everything of `request` but the body from `request.head`. What is wrong with it, or "".
std::string ParseHead(Request& request);

}  // namespace orc
