// Settings of the process as a whole, made before anything else.
#pragma once

namespace orc {

/// Memory arenas, the number of open files, broken pipes. Call once, before any thread begins.
void PrepareProcess();

/// Gives back what only the start needed: free heap, and the mappings of code that ran once (plugins, schemas, relocations). That code
/// stays in the file cache and is mapped again where it is used. Any thread.
void GiveBackStartMemory();

}  // namespace orc
