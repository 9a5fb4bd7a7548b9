// What can happen to a run. Each carries the time at which it is decided, so that deciding needs no clock.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "engine/run.h"

namespace orc {

/// The run was accepted: begin its first steps.
struct RunBegun {};

/// A try ended. Ignored unless `key` names the try that is under way.
struct AttemptFinished {
  enum class Outcome : uint8_t { kSucceeded, kFailed, kCanceled };
  AttemptKey key = {};
  Outcome outcome = Outcome::kSucceeded;
  std::string output = {};            // JSON text; also of a failure when there was an answer
  std::string response_headers = {};  // JSON text of an HTTP answer's headers, or ""
  int32_t http_code = 0;
  StepError error = {};         // when not succeeded
  int64_t retry_after_ms = -1;  // what the far side asked for; -1: nothing
};

/// What was due at `wake_us` is due, whatever the wall clock says: it may have been set since.
struct TimerDue {
  int64_t wake_us = 0;
};

/// Somebody decided at a gate. `step_id` empty: the only one that waits.
struct GateDecided {
  std::string step_id = {};
  Approval decision = {};  // at_us is filled in by Decide
};

struct CancelRequested {
  bool force = false;
  std::string actor = {};
  int64_t grace_ms = 10'000;  // how long a cancelled attempt may take to stop; filled in by the engine
};

/// The host that ran it is gone (or was restarted): what was under way must be begun again as the same try.
struct HostLost {};

/// Run again from the failed step.
struct RetryRequested {
  std::string actor;
};

using Event = std::variant<RunBegun, AttemptFinished, TimerDue, GateDecided, CancelRequested, HostLost, RetryRequested>;

}  // namespace orc
