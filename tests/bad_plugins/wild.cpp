// What only a process of its own holds: each action does one thing that would take the server with it, or reach where it must not.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <orchestrator/action.hpp>
#include <string>
#include <thread>

namespace {

using orchestrator::ActionInfo;
using orchestrator::Attempt;
using orchestrator::Host;
using orchestrator::Request;
using orchestrator::Result;

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }
std::string Tried(long result) { return Quoted(result < 0 ? std::strerror(errno) : "done"); }

/// An asynchronous action that is one function of the host, the attempt and the request.
template <const char* kName, void (*kBody)(const Host&, Attempt, const Request&)>
class Wild {
 public:
  static constexpr ActionInfo kInfo{kName, "1.0.0", "Wild."};
  Wild(const Host& host, std::string_view) : host_(host) {}
  void Start(Attempt attempt, const Request& request) { kBody(host_, std::move(attempt), request); }

 private:
  Host host_;
};

/// The same for one that blocks, and does not ask whether it is cancelled.
template <const char* kName, Result (*kBody)(Attempt&, const Request&)>
class WildRun {
 public:
  static constexpr ActionInfo kInfo{kName, "1.0.0", "Wild."};
  WildRun(const Host&, std::string_view) {}
  Result Run(Attempt& attempt, const Request& request) { return kBody(attempt, request); }
};

#define NAME(name) constexpr char name[]
NAME(kEcho) = "wild.echo";
NAME(kCrash) = "wild.crash";
NAME(kAbort) = "wild.abort";
NAME(kExit) = "wild.exit";
NAME(kLoop) = "wild.loop";
NAME(kLoopRun) = "wild.loop_run";
NAME(kLeak) = "wild.leak";
NAME(kFork) = "wild.fork";
NAME(kClose) = "wild.close_descriptors";
NAME(kGarbage) = "wild.garbage";
NAME(kForge) = "wild.forge";
NAME(kConnect) = "wild.connect";
NAME(kExec) = "wild.exec";
NAME(kKillParent) = "wild.kill_parent";
NAME(kEnvironment) = "wild.environment";
NAME(kOpenFiles) = "wild.open_files";
NAME(kPid) = "wild.pid";
NAME(kWait) = "wild.wait";

void Echo(const Host&, Attempt attempt, const Request& request) { attempt.Succeed(std::string(request.input)); }
void Crash(const Host&, Attempt attempt, const Request&) {
  *static_cast<volatile int*>(nullptr) = 1;
  attempt.Succeed("1");
}
void Abort(const Host&, Attempt, const Request&) { std::abort(); }
void Exit(const Host&, Attempt, const Request&) { ::_exit(7); }
void Loop(const Host&, Attempt, const Request&) {
  volatile int rounds = 0;
  for (;;) {
    const int next = rounds + 1;
    rounds = next & 0xFFFF;
  }
}
Result LoopRun(Attempt&, const Request&) {
  volatile int rounds = 0;
  for (;;) {
    const int next = rounds + 1;
    rounds = next & 0xFFFF;
  }
}
Result Leak(Attempt&, const Request&) {
  for (;;) std::memset(new char[1u << 20], 1, 1u << 20);  // until there is no more
}
void Fork(const Host&, Attempt attempt, const Request&) {
  const pid_t child = ::fork();
  if (child > 0) ::waitpid(child, nullptr, 0);
  attempt.Succeed(Tried(child));  // in both, if there are two
}
void CloseDescriptors(const Host&, Attempt attempt, const Request&) {
  for (int i = 0; i < 1000; ++i) ::close(i);
  attempt.Succeed("1");  // nobody hears it
}
void Garbage(const Host&, Attempt, const Request&) {
  const std::string text("\x05\x00\x00\x00 this is no frame", 21);
  (void)!::write(3, text.data(), text.size());
}
void Forge(const Host& host, Attempt attempt, const Request&) {
  for (orc_attempt id = 1; id < 10'000; ++id) {
    if (id != attempt.id()) Attempt(host.raw(), id).Fail("forged", "an attempt of somebody else");
  }
  attempt.Succeed("1");
}
void Connect(const Host&, Attempt attempt, const Request&) { attempt.Succeed(Tried(::socket(AF_INET, SOCK_STREAM, 0))); }
void Exec(const Host&, Attempt attempt, const Request&) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/true", "true", nullptr);
    ::_exit(1);
  }
  int status = 0;
  if (child > 0) ::waitpid(child, &status, 0);
  attempt.Succeed(child < 0 ? Tried(child) : Quoted(status == 0 ? "done" : "not run"));
}
void KillParent(const Host&, Attempt attempt, const Request&) { attempt.Succeed(Tried(::kill(::getppid(), SIGTERM))); }
void Environment(const Host&, Attempt attempt, const Request&) {
  std::string all;
  for (char** variable = environ; *variable != nullptr; ++variable) all += std::string(*variable) + ";";
  attempt.Succeed(Quoted(all));
}
void OpenFiles(const Host&, Attempt attempt, const Request&) {
  int opened = 0;
  while (::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) ++opened;
  attempt.Succeed(std::to_string(opened));
}
void Pid(const Host&, Attempt attempt, const Request&) { attempt.Succeed(std::to_string(::getpid())); }
Result Wait(Attempt& attempt, const Request&) {
  attempt.AppendLog("waiting");
  while (!attempt.Cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return Result::Cancelled();
}

}  // namespace

ORCHESTRATOR_PLUGIN("wild", "1.0.0", "Apache-2.0", "Misdeeds.", Wild<kEcho, Echo>, Wild<kCrash, Crash>, Wild<kAbort, Abort>,
                    Wild<kExit, Exit>, Wild<kLoop, Loop>, WildRun<kLoopRun, LoopRun>, WildRun<kLeak, Leak>, Wild<kFork, Fork>,
                    Wild<kClose, CloseDescriptors>, Wild<kGarbage, Garbage>, Wild<kForge, Forge>, Wild<kConnect, Connect>,
                    Wild<kExec, Exec>, Wild<kKillParent, KillParent>, Wild<kEnvironment, Environment>, Wild<kOpenFiles, OpenFiles>,
                    Wild<kPid, Pid>, WildRun<kWait, Wait>)
