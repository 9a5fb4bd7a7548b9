#include "child/seccomp_filter.h"

#ifdef ORC_SECCOMP
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace orc {
namespace {

// What reaches into other processes, the kernel or the machine.
constexpr std::array kNever = {"ptrace",
                               "process_vm_readv",
                               "process_vm_writev",
                               "pidfd_getfd",
                               "kcmp",
                               "mount",
                               "umount2",
                               "pivot_root",
                               "chroot",
                               "setns",
                               "unshare",
                               "fsopen",
                               "open_tree",
                               "move_mount",
                               "kexec_load",
                               "kexec_file_load",
                               "init_module",
                               "finit_module",
                               "delete_module",
                               "reboot",
                               "swapon",
                               "swapoff",
                               "bpf",
                               "perf_event_open",
                               "keyctl",
                               "add_key",
                               "request_key",
                               "userfaultfd",
                               "iopl",
                               "ioperm",
                               "acct",
                               "settimeofday",
                               "clock_settime",
                               "adjtimex",
                               "clock_adjtime",
                               "sethostname",
                               "setdomainname",
                               "quotactl",
                               "open_by_handle_at",
                               "io_uring_setup",
                               "setuid",
                               "setgid",
                               "setreuid",
                               "setregid",
                               "setresuid",
                               "setresgid",
                               "setgroups"};
constexpr std::array kNoNetwork = {"socket", "io_uring_enter"};
// A plugin without programs has nobody to send signals to but itself.
constexpr std::array kNoPrograms = {"execve", "execveat", "fork", "vfork", "tkill", "pidfd_open", "pidfd_send_signal", "rt_tgsigqueueinfo"};

class Filter {
 public:
  Filter() : context_(::seccomp_init(SCMP_ACT_ALLOW)) {}
  ~Filter() { ::seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  template <size_t kCount>
  void Refuse(const std::array<const char*, kCount>& names) {
    for (const char* name : names) {
      const int number = ::seccomp_syscall_resolve_name(name);
      if (number >= 0) ::seccomp_rule_add(context_, SCMP_ACT_ERRNO(EPERM), number, 0);
    }
  }
  /// `error` for calls whose first argument fits `condition`.
  void RefuseWhen(const char* name, int error, scmp_arg_cmp condition) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (number >= 0) ::seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<uint32_t>(error)), number, 1, condition);
  }
  void RefuseWith(const char* name, int error) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (number >= 0) ::seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<uint32_t>(error)), number, 0);
  }
  bool Load() { return ::seccomp_load(context_) == 0; }

 private:
  scmp_filter_ctx context_;
};

}  // namespace

bool FilterSystemCalls(bool may_use_network, bool may_run_programs) {
  Filter filter;
  filter.Refuse(kNever);
  if (!may_use_network) filter.Refuse(kNoNetwork);
  if (!may_run_programs) {
    filter.Refuse(kNoPrograms);
    const auto self = static_cast<scmp_datum_t>(::getpid());
    for (const char* name : {"kill", "tgkill", "rt_sigqueueinfo"}) filter.RefuseWhen(name, EPERM, SCMP_A0(SCMP_CMP_NE, self));
    filter.RefuseWhen("clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    filter.RefuseWith("clone3", ENOSYS);  // its flags lie in memory, where no filter looks: the C library falls back to clone
  }
  return filter.Load();
}

}  // namespace orc
#else
namespace orc {

bool FilterSystemCalls(bool, bool) { return false; }

}  // namespace orc
#endif
