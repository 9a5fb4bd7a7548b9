#include "command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMs = 20;

/// Both ends of a pipe; closed at the end of the scope.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    Close(0);
    Close(1);
  }
  bool Open() { return ::pipe2(ends, O_CLOEXEC) == 0; }
  void Close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

struct Pipes {
  Pipe in, out, err, fault;
  bool Open() { return in.Open() && out.Open() && err.Open() && fault.Open(); }
};

void Limit(__rlimit_resource resource, uint64_t amount) {
  if (amount == 0) return;
  const rlimit limit{amount, amount};
  ::setrlimit(resource, &limit);
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// After fork: only what is safe there.
[[noreturn]] void BecomeProgram(const Command& command, Pipes& pipes, char* const* arguments, char* const* environment) {
  ::setsid();
  ::dup2(pipes.in.ends[0], 0);
  ::dup2(pipes.out.ends[1], 1);
  ::dup2(pipes.err.ends[1], 2);
  Limit(RLIMIT_DATA, command.memory_bytes);
  Limit(RLIMIT_CPU, command.cpu_seconds);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(command.program.c_str(), arguments, environment);
  const int fault = errno;
  (void)!::write(pipes.fault.ends[1], &fault, sizeof fault);
  ::_exit(127);
}

/// Moves what there is. False once the pipe has ended.
bool Collect(Pipe& pipe, std::string& text, size_t most, bool& truncated) {
  char buffer[16384];
  const ssize_t got = ::read(pipe.ends[0], buffer, sizeof buffer);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const size_t room = most - text.size();
  text.append(buffer, std::min(room, static_cast<size_t>(got)));
  truncated = truncated || static_cast<size_t>(got) > room;
  return true;
}

void Feed(Pipe& pipe, const std::string& input, size_t& fed) {
  while (fed < input.size()) {
    const ssize_t done = ::write(pipe.ends[1], input.data() + fed, input.size() - fed);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0 && errno == EAGAIN) return;
    if (done <= 0) break;  // it does not want more
    fed += static_cast<size_t>(done);
  }
  pipe.Close(1);
}

class Running {
 public:
  Running(const Command& command, pid_t pid, Pipes& pipes) : command_(command), pid_(pid), pipes_(pipes) {
    for (const int end : {pipes.in.ends[1], pipes.out.ends[0], pipes.err.ends[0]}) ::fcntl(end, F_SETFL, O_NONBLOCK);
  }

  CommandResult Finish(const std::function<bool()>& should_stop) {
    const auto deadline = Clock::now() + std::chrono::milliseconds(command_.timeout_ms);
    int status = 0;
    bool is_over = false;
    while (!is_over) {
      Move();
      is_over = ::waitpid(pid_, &status, WNOHANG) == pid_;
      if (is_over) break;
      if (should_stop()) return Kill(CommandResult::End::kStopped);
      if (command_.timeout_ms > 0 && Clock::now() >= deadline) return Kill(CommandResult::End::kTimedOut);
    }
    ::kill(-pid_, SIGKILL);  // what it left behind
    while (MoveOnce(0)) {
    }
    result_.end = WIFSIGNALED(status) ? CommandResult::End::kSignalled : CommandResult::End::kExited;
    result_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return std::move(result_);
  }

 private:
  CommandResult Kill(CommandResult::End why) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    result_.end = why;
    return std::move(result_);
  }
  void Move() { MoveOnce(kTickMs); }
  /// False when nothing moved.
  bool MoveOnce(int wait_ms) {
    pollfd waiting[3] = {{pipes_.in.ends[1], POLLOUT, 0}, {pipes_.out.ends[0], POLLIN, 0}, {pipes_.err.ends[0], POLLIN, 0}};
    if (::poll(waiting, 3, wait_ms) <= 0) return false;
    if (waiting[0].revents != 0) Feed(pipes_.in, command_.input, fed_);
    if (waiting[1].revents != 0 && !Collect(pipes_.out, result_.standard_output, command_.max_output_bytes, result_.truncated))
      pipes_.out.Close(0);
    if (waiting[2].revents != 0 && !Collect(pipes_.err, result_.standard_error, command_.max_output_bytes, result_.truncated))
      pipes_.err.Close(0);
    return true;
  }

  const Command& command_;
  const pid_t pid_;
  Pipes& pipes_;
  size_t fed_ = 0;
  CommandResult result_;
};

CommandResult NotStarted(const std::string& fault) {
  CommandResult result;
  result.end = CommandResult::End::kNotStarted;
  result.fault = fault;
  return result;
}

}  // namespace

CommandResult RunCommand(const Command& command, const std::function<bool()>& should_stop) {
  Pipes pipes;
  if (!pipes.Open()) return NotStarted(std::string("no pipes: ") + std::strerror(errno));
  std::vector<std::string> arguments = {command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(command.environment);
  const pid_t pid = ::fork();
  if (pid < 0) {
    return NotStarted(std::string("no process: ") + std::strerror(errno) +
                      (errno == EPERM ? " (plugins.settings.shell_run.programs must be true)" : ""));
  }
  if (pid == 0) BecomeProgram(command, pipes, argument_pointers.data(), environment_pointers.data());
  pipes.in.Close(0);
  pipes.out.Close(1);
  pipes.err.Close(1);
  pipes.fault.Close(1);
  int fault = 0;
  if (::read(pipes.fault.ends[0], &fault, sizeof fault) == sizeof fault) {  // ends when the program begins
    ::waitpid(pid, nullptr, 0);
    return NotStarted(std::strerror(fault));
  }
  ::signal(SIGPIPE, SIG_IGN);  // of a program that does not read its input
  return Running(command, pid, pipes).Finish(should_stop);
}
