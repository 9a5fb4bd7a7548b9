// A check in a process of its own: whatever the plugin does there, the others go on.
#pragma once

#include <cstdint>
#include <string>

#include "check.h"
#include "options.h"

namespace orc::check {

struct Outcome {
  Finding finding;
  int64_t elapsed_ms = 0;
};

/// Runs this program again for one check and waits for its verdict; a crash and a time-out are failures.
Outcome RunInChild(const Check& check, const Options& options, const std::vector<std::string>& arguments);

/// The other side: carries out options.child_check, tells the finding, and ends the process.
[[noreturn]] void BeChild(const Options& options);

}  // namespace orc::check
