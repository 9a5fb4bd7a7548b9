// What can happen to a run. Deciding needs no clock: the time comes beside the event.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "engine/run.h"

namespace orc {

/// The run was accepted, or a place under its workflow's limit is free: begin its first steps.
struct RunBegun {};

/// The run was accepted, but all places under its workflow's limit are taken: it waits for RunBegun.
struct RunQueued {};

/// The run was made, and must not begin: FAILED with this error.
struct RunTurnedAway {
  std::string code = {};
  std::string message = {};
};

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

/// A sub-workflow ended, or could not be started. Ignored unless the step waits for that very run.
struct ChildEnded {
  StepKey step = {};
  std::string run_id = {};
  AttemptFinished result = {};  // as if it were a try of an action; its key is not looked at
  bool was_made = true;         // false: there is no run of that id
};

/// What was due at `wake_us` is due, whatever the wall clock says: it may have been set since. Only instants go by the wall clock.
struct TimerDue {
  int64_t wake_us = 0;
};

/// Who asks. Without authentication everyone is the same: no identity can be compared.
struct Actor {
  std::string name = {};
  std::vector<std::string> roles = {};
  bool is_authenticated = false;
};

/// Somebody decided at a gate. `step_id` empty: the only one that waits.
struct GateDecided {
  std::string step_id = {};
  Approval decision = {};  // at_us and actor are filled in by Decide
  Actor actor = {};
};

/// Kept until a `wait` takes it. `payload` is JSON text.
struct SignalSent {
  std::string name = {};
  std::string payload = {};
  std::string actor = {};
};

struct PauseRequested {
  std::string actor = {};
};
struct ResumeRequested {
  std::string actor = {};
};

struct CancelRequested {
  bool force = false;
  std::string actor = {};
  int64_t grace_ms = 10'000;  // how long a cancelled attempt may take to stop; filled in by the engine
};

/// The host that ran it is gone (or was restarted): what was under way must be begun again as the same try.
struct HostLost {};

/// Run again from the failed step, or from `from_step` (id, key or name).
struct RetryRequested {
  std::string actor = {};
  std::string from_step = {};
  bool must_wait = false;  // for a place under its workflow's limit; filled in by the engine
};

using Event = std::variant<RunBegun, RunQueued, RunTurnedAway, AttemptFinished, ChildEnded, TimerDue, GateDecided, SignalSent,
                           PauseRequested, ResumeRequested, CancelRequested, HostLost, RetryRequested>;

}  // namespace orc
