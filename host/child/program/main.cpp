// orchestrator-plugin-host: the server talks to it over descriptor 3.
#include <sys/stat.h>

#include <cstdio>

#include "child/run_child.h"

int main() {
  struct stat info {};
  if (::fstat(orc::kChannelDescriptor, &info) != 0 || !S_ISSOCK(info.st_mode)) {
    std::fputs("orchestrator-plugin-host: it is started by orchestrator, for plugins that run in a process of their own\n", stderr);
    return 2;
  }
  return orc::RunChild(orc::kChannelDescriptor);
}
