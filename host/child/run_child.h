// The life of a plugin's process: confined, one library, attempts until the server hangs up.
#pragma once

#include "child/channel.h"

namespace orc {

/// Serves until the end of `descriptor`; the exit code.
int RunChild(int descriptor);

}  // namespace orc
