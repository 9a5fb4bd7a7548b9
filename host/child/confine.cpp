#include "child/confine.h"

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "child/seccomp_filter.h"

namespace orc {
namespace {

void Limit(__rlimit_resource resource, uint64_t amount) {
  const rlimit limit{amount, amount};
  ::setrlimit(resource, &limit);
}

/// A network of its own, with nothing in it. Without privileges that needs a user namespace, whose own user stays the same.
bool LeaveNetwork() {
  if (::unshare(CLONE_NEWNET) == 0) return true;
  const uid_t uid = ::getuid();
  const gid_t gid = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << uid << " " << uid << " 1";
  std::ofstream("/proc/self/gid_map") << gid << " " << gid << " 1";
  return true;
}

void DropCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  ::syscall(SYS_capset, &header, none.data());
}

void Note(std::string& measures, const char* what) { measures += (measures.empty() ? "" : ", ") + std::string(what); }

}  // namespace

std::string Confine(const wire::Hello& hello) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  Limit(RLIMIT_CORE, 0);
  if (hello.open_files > 0) Limit(RLIMIT_NOFILE, hello.open_files);
  std::string measures;
  if (!hello.may_use_network && LeaveNetwork()) Note(measures, "no network");
  DropCapabilities();
  if (FilterSystemCalls(hello.may_use_network, hello.may_run_programs)) Note(measures, "seccomp");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow memory counts as data
  if (hello.memory_bytes > 0) Limit(RLIMIT_DATA, hello.memory_bytes);
#endif
  return measures;
}

void GrantCpu(int64_t cpu_ms) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  rlimit limit{};
  ::getrlimit(RLIMIT_CPU, &limit);
  const int64_t seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1;  // the limit counts whole seconds
  limit.rlim_cur = static_cast<rlim_t>(seconds + (cpu_ms + 999) / 1000);
  ::setrlimit(RLIMIT_CPU, &limit);
}

}  // namespace orc
