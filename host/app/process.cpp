#include "app/process.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/log.h"

namespace orc {
namespace {

constexpr size_t kOwnFiles = 64;
constexpr size_t kLeastFiles = 2 * kOwnFiles;

}  // namespace

void PrepareProcess() {
  mallopt(M_ARENA_MAX, 2);  // an arena per thread would hold on to memory that few threads ever need at once
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;  // a connection, a stream and a call are a file each
    setrlimit(RLIMIT_NOFILE, &files);
  }
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hung up is an error of that write, not the end of the process
}

Result<FileShares> ShareFiles(size_t connections_wanted, size_t calls_wanted, bool is_asked_for) {
  const FileShares wanted{connections_wanted, calls_wanted};
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const size_t files = limit.rlim_cur;
  if (files < kLeastFiles) {
    return Error{ErrorCode::kUnavailable, "this process may open " + std::to_string(files) + " files at once, expected at least " +
                                              std::to_string(kLeastFiles) + ": raise it (ulimit -Hn, or LimitNOFILE= of the service)"};
  }
  const size_t room = files - kOwnFiles;
  if (wanted.connections + wanted.calls <= room) return wanted;
  FileShares shares{};
  shares.calls = std::min(wanted.calls, std::max(room / 2, room - std::min(room, wanted.connections)));
  shares.connections = std::min(wanted.connections, room - shares.calls);
  Log(is_asked_for ? LogLevel::kWarn : LogLevel::kInfo, "the limit of open files leaves fewer connections than the configuration allows",
      {{"limit", files}, {"server.max_connections", shares.connections}, {"http.max_in_flight", shares.calls}});
  return shares;
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
