// One process of orchestrator-plugin-host: started, killed, and how it ended.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace orc {

/// One thread. Its end kills the process and everything in its session that still runs, and waits for it.
class ChildProcess {
 public:
  /// `program` for the library `file` (which it is told over the socket; here it only shows in ps). Environment and descriptors are not
  /// handed on.
  static Result<std::unique_ptr<ChildProcess>> Spawn(const std::string& program, const std::string& file);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  int socket() const { return socket_; }
  /// Readable once the process has ended.
  int end_descriptor() const { return end_descriptor_; }
  /// The process and what it started in its session.
  void Kill() const;
  /// Waits for the end: "ended by signal 11 (SIGSEGV)", "ended with the exit code 3".
  std::string WaitForEnd();

 private:
  ChildProcess(pid_t pid, int socket, int end_descriptor) : pid_(pid), socket_(socket), end_descriptor_(end_descriptor) {}

  const pid_t pid_;
  const int socket_;
  const int end_descriptor_;
  bool is_reaped_ = false;
};

}  // namespace orc
