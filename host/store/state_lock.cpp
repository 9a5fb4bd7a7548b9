#include "store/state_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace orc {
namespace {

std::string HolderOf(int descriptor) {
  char text[32] = {};
  ssize_t size = pread(descriptor, text, sizeof text - 1, 0);
  std::string pid(text, size > 0 ? static_cast<size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<std::unique_ptr<StateLock>> StateLock::Take(const std::string& file) {
  std::string path = file + ".lock";
  int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{ErrorCode::kUnavailable, "cannot make the lock file " + path + ": " + std::generic_category().message(errno) +
                                              "; the state folder must exist and be writable for this user"};
  }
  std::unique_ptr<StateLock> lock(new StateLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error{ErrorCode::kUnavailable, "cannot lock " + path + ": " + std::generic_category().message(errno)};
    }
    return Error{ErrorCode::kUnavailable, "the database " + file + " is in use by " + HolderOf(descriptor) +
                                              "; stop that one first, or give this server another state folder (state_dir)"};
  }
  // For the message above only, so a disk without room for it keeps nobody from starting.
  std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

// The file stays: removing it would let two processes hold locks on two files of one name.
StateLock::~StateLock() { close(descriptor_); }

}  // namespace orc
