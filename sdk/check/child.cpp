#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "base/json_writer.h"
#include "subject.h"

namespace orc::check {
namespace {

constexpr int kReportDescriptor = 3;
using SteadyClock = std::chrono::steady_clock;

struct Pipe {
  int read = -1;
  int write = -1;
};

pid_t Spawn(const std::vector<std::string>& arguments, int report) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, report, kReportDescriptor);
  ::posix_spawn_file_actions_adddup2(&actions, 2, 1);  // what a plugin prints must not mix with the report
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kReportDescriptor + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  if (::posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, argv.data(), environ) != 0) pid = -1;
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return pid;
}

/// Everything from the pipe until its end, or until the time is over.
std::string ReadUntil(int descriptor, SteadyClock::time_point deadline, bool& timed_out) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      timed_out = true;
      return text;
    }
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.ends_with('\n')) return text;  // a grandchild may keep the pipe open
  }
}

/// Waits for the end of the child; kills it, and what it left in its session, when the time is over.
int WaitFor(pid_t pid, SteadyClock::time_point deadline, bool& timed_out) {
  int status = 0;
  while (!timed_out && ::waitpid(pid, &status, WNOHANG) == 0) {
    timed_out = SteadyClock::now() > deadline;
    ::usleep(2000);
  }
  if (timed_out) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  } else {
    ::kill(-pid, SIGKILL);
  }
  return status;
}

Finding Read(const std::string& text) {
  const auto json = ParseJson(text);
  if (!json.ok()) return Failed("the process ended before it told what it found");
  const std::string verdict(StringAt(*json, "verdict"));
  const std::string detail(StringAt(*json, "detail"));
  if (verdict == "passed") return Passed(detail);
  return verdict == "skipped" ? Skipped(detail) : Failed(detail);
}

std::string SignalText(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return "signal " + std::to_string(signal) + (name != nullptr ? std::string(" (SIG") + name + ")" : "");
}

}  // namespace

Outcome RunInChild(const Check& check, const Options& options, const std::vector<std::string>& arguments) {
  const auto begin = SteadyClock::now();
  Pipe pipe;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {Failed("no pipe could be made"), 0};
  pipe = {ends[0], ends[1]};
  std::vector<std::string> child_arguments = arguments;
  child_arguments.insert(child_arguments.begin() + 1, {"--child", std::string(check.name)});
  const pid_t pid = Spawn(child_arguments, pipe.write);
  ::close(pipe.write);
  if (pid < 0) {
    ::close(pipe.read);
    return {Failed("the check's process could not be started"), 0};
  }
  const auto deadline = begin + std::chrono::seconds(options.timeout_s);
  bool timed_out = false;
  const std::string text = ReadUntil(pipe.read, deadline, timed_out);
  const int status = WaitFor(pid, deadline, timed_out);
  ::close(pipe.read);
  Finding finding;
  if (timed_out) {
    finding = Failed("the check did not end within " + std::to_string(options.timeout_s) + " s");
  } else if (WIFSIGNALED(status)) {
    finding = Failed("the process ended by " + SignalText(WTERMSIG(status)) + (text.empty() ? "" : " while it came down"));
  } else if (WEXITSTATUS(status) != 0) {
    finding = Failed("the plugin ended the process with the exit code " + std::to_string(WEXITSTATUS(status)));
  } else {
    finding = Read(text);
  }
  return {finding, std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - begin).count()};
}

void BeChild(const Options& options) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);  // a crash is expected here
  const Check* check = FindCheck(options.child_check);
  Subject subject(options);
  const Finding finding = check == nullptr ? Failed("there is no such check") : check->run(subject);
  JsonWriter writer;
  writer.BeginObject().Field("verdict", TextOf(finding.verdict)).Field("detail", finding.detail).EndObject();
  const std::string line = std::move(writer).text() + "\n";
  if (::write(kReportDescriptor, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(4);
  if (check != nullptr && check->tells_before_exit) std::exit(0);
  ::_exit(0);
}

}  // namespace orc::check
