#include "plugin/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "wire/frame.h"

namespace orc {
namespace {

constexpr int kChannel = 3;  // where the program looks for its socket

/// Secrets stand in environments: a plugin sees none of the server's.
std::vector<std::string> Environment() {
  std::vector<std::string> kept = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  for (const char* name : {"LANG", "LC_ALL", "TZ", "TMPDIR"}) {
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  }
  return kept;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int SpawnProgram(const std::string& program, const std::string& file, int socket, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, socket, kChannel);
  ::posix_spawn_file_actions_adddup2(&actions, 2, 1);  // the server's standard output is not a plugin's
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kChannel + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> arguments = {program, file};
  std::vector<std::string> environment = Environment();
  const int fault = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, Pointers(arguments).data(), Pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return fault;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::Spawn(const std::string& program, const std::string& file) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error{ErrorCode::kUnavailable, std::string("no socket for it could be made: ") + std::strerror(errno)};
  }
  pid_t pid = -1;
  const int fault = SpawnProgram(program, file, ends[1], pid);
  ::close(ends[1]);
  if (fault != 0) {
    ::close(ends[0]);
    return Error{ErrorCode::kUnavailable, program + " could not be started: " + std::strerror(fault)};
  }
  const int end_descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, ends[0], end_descriptor));
}

ChildProcess::~ChildProcess() {
  if (!is_reaped_) {
    Kill();
    (void)WaitForEnd();
  }
  ::close(socket_);
  if (end_descriptor_ >= 0) ::close(end_descriptor_);
}

void ChildProcess::Kill() const {
  if (is_reaped_) return;  // the number may be another's by now
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

std::string ChildProcess::WaitForEnd() {
  siginfo_t info{};
  // Looked at before it is taken: as long as it is there, nobody else has its number, nor its session's.
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  is_reaped_ = true;
  if (WIFEXITED(status) && WEXITSTATUS(status) == wire::kExitLostConnection) return "closed its connection to the server";
  if (!WIFSIGNALED(status)) return "ended with the exit code " + std::to_string(WEXITSTATUS(status));
  const char* name = ::sigabbrev_np(WTERMSIG(status));
  return "ended by signal " + std::to_string(WTERMSIG(status)) + (name != nullptr ? std::string(" (SIG") + name + ")" : "");
}

}  // namespace orc
