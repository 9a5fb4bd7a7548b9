// The error codes that `retry.on` and `catch.on` name.
#pragma once

#include "workflow/check.h"

namespace orc {

/// Warns of what no error can have: a misspelt code, a status or class that does not exist. Plugins may add codes, so it is no error.
void CheckCodes(const Json& document, CheckReport& report);

}  // namespace orc
