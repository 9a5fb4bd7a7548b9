// Settings of the process as a whole, made before anything else.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace orc {

/// Memory arenas, the number of open files, broken pipes. Call once, before any thread begins.
void PrepareProcess();

/// What of the process's open files clients and outgoing calls may have; the rest is for the store, the log and the plugins.
struct FileShares {
  size_t connections;
  size_t calls;
};
/// As many of each as are wanted, or what the limit of open files leaves: a line in the log says so, a warning when these are not just the
/// defaults (`is_asked_for`). The error says that the limit is too low to work with.
Result<FileShares> ShareFiles(size_t connections_wanted, size_t calls_wanted, bool is_asked_for);

/// Gives back what only the start needed: free heap, and the mappings of code that ran once (plugins, schemas, relocations). That code
/// stays in the file cache and is mapped again where it is used. Any thread.
void GiveBackStartMemory();

}  // namespace orc
