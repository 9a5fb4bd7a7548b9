// What `main` does: flags, configuration, start, signals, exit code.
#pragma once

namespace orc {

int RunMain(int argc, char** argv);

}  // namespace orc
