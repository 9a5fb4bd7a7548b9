// What a plugin's process may do.
#pragma once

#include <string>

#include "wire/messages.h"

namespace orc {

/// Limits and takes away what `hello` does not grant, for good; to be called before the library is loaded, by the only thread. Says what
/// took effect: "no network, seccomp". What the kernel does not let us take away is left out, and the server says so in its log.
std::string Confine(const wire::Hello& hello);

/// The attempts under way may use so much more processor time from now on.
void GrantCpu(int64_t cpu_ms);

}  // namespace orc
