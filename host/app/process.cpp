#include "app/process.h"

#include <malloc.h>
#include <sys/resource.h>

#include <csignal>

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

}  // namespace orc
