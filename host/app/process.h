// Settings of the process as a whole, made before anything else.
#pragma once

namespace orc {

/// Memory arenas, the number of open files, broken pipes. Call once, before any thread begins.
void PrepareProcess();

}  // namespace orc
