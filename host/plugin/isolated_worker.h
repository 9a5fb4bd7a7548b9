// One process of an isolated plugin, and what is under way in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "plugin/child_process.h"
#include "wire/frame.h"

namespace orc {

/// A plain record; IsolatedPlugin owns it and its rules.
struct IsolatedWorker {
  struct Attempt {
    int64_t kill_at_us = 0;  // 0: not cancelled
  };
  uint64_t id = 0;
  std::unique_ptr<ChildProcess> process;
  uint64_t socket_key = 0;  // of the loop; 0: no longer watched
  uint64_t end_key = 0;
  wire::FrameSplitter in = {};  // the loop's thread only
  std::string out = {};         // what the socket did not take yet
  bool wants_write = false;     // the loop waits for room
  bool is_described = false;
  size_t creations = 0;  // still to be answered
  std::unordered_map<uint64_t, Attempt> attempts = {};
  size_t cancelled = 0;            // of those
  int64_t cancelled_since_us = 0;  // since when there is any; 0: there is none
  int64_t next_kill_us = 0;        // not after the first of their kill_at_us; 0: there is none
  int64_t started_us = 0;
  int64_t pinged_us = 0;  // 0: no ping is under way
  int64_t heard_us = 0;
  int64_t closed_us = 0;        // its side of the socket was closed; 0: it was not
  std::string end_reason = {};  // why we ended it; "": it ended by itself

  /// An attempt does not stop as it was told: it may soon take the process with it. New ones had better go to another.
  static constexpr int64_t kSuspectAfterUs = 50'000;
  bool is_suspect(int64_t now_us) const { return cancelled_since_us != 0 && now_us >= cancelled_since_us + kSuspectAfterUs; }
  bool is_ready() const { return is_described && creations == 0 && end_reason.empty() && closed_us == 0; }
};

}  // namespace orc
