// A program that a test starts and ends.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace orc::test {

class ChildProcess {
 public:
  /// Starts `command` (a path and its arguments); what it prints goes to `log_file`. `environment` is added to the test's own.
  ChildProcess(const std::vector<std::string>& command, const std::string& log_file,
               const std::vector<std::pair<std::string, std::string>>& environment = {});
  /// Ends it (SIGTERM, then SIGKILL) and waits for it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Waits for it to end by itself; its exit status, or -1.
  int Wait();
  bool IsRunning();
  std::string Log() const;
  /// Waits until something listens on the port of 127.0.0.1. False when it ended before, or after 60 s.
  bool WaitForPort(int port);

 private:
  bool Reap(bool block);

  int pid_ = -1;
  int status_ = -1;
  std::string log_file_;
};

/// A port of 127.0.0.1 that is free now.
int FreePort();

void WriteFile(const std::string& path, const std::string& text);

}  // namespace orc::test
