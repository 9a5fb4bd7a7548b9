#include "app/process.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

namespace orc {

void PrepareProcess() {
  mallopt(M_ARENA_MAX, 2);  // an arena per thread would hold on to memory that few threads ever need at once
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;  // a connection, a stream and a call are a file each
    setrlimit(RLIMIT_NOFILE, &files);
  }
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hung up is an error of that write, not the end of the process
}

void GiveBackStartMemory() {
  malloc_trim(0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    char flags[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s", &begin, &end, flags) != 3) continue;
    // Code of a file, which nobody writes to: unlike data it is the same when it is mapped again.
    const bool is_code = std::string_view(flags) == "r-xp" && line.find(" /") != std::string::npos;
    if (is_code) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT(performance-no-int-to-ptr): read as text
  }
}

}  // namespace orc
