// One program, run to its end: no shell, its own session, limits, bounded output.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

struct Command {
  std::string program;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value"
  std::string input;
  size_t max_output_bytes = 262'144;  // of each stream
  uint64_t memory_bytes = 0;          // 0: no limit, as below
  uint64_t cpu_seconds = 0;
  int64_t timeout_ms = 0;
};

struct CommandResult {
  enum class End { kExited, kSignalled, kTimedOut, kStopped, kNotStarted };
  End end = End::kExited;
  int code = 0;       // exit code or signal
  std::string fault;  // of one that could not be started
  std::string standard_output;
  std::string standard_error;
  bool truncated = false;
};

/// Blocks until the program has ended. `should_stop` is asked every few milliseconds; the program and what it started are killed then.
CommandResult RunCommand(const Command& command, const std::function<bool()>& should_stop);
