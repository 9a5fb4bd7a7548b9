// Whether a failed try is followed by another, and when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// The longest wait that a far side's Retry-After can bring about.
inline constexpr int64_t kMaxRetryAfterMs = 3'600'000;

struct FailedTry {
  AttemptKey key = {};               // try_number: how many were begun in this round
  const StepError* error = nullptr;  // never null
  int32_t http_code = 0;
  int64_t elapsed_ms = 0;       // since the first try of the round began
  int64_t retry_after_ms = -1;  // what the far side asked for; -1: nothing
};

/// Milliseconds until the next try, or nothing when there is none: all are used up, the budget would be over by then, the policy does not
/// name the error, or another try could not end otherwise (rejected, expression_error, input_invalid, unknown_action, condition_false,
/// egress_denied, cancelled). Jitter is drawn from a hash of the key: the same try gets the same wait.
std::optional<int64_t> NextTryAfterMs(const RetryPolicy& policy, const FailedTry& failed);

/// Whether one of `on` names the error: its code, the HTTP status ("503"), its class ("5xx"), or "*".
bool Matches(const std::vector<std::string>& on, const StepError& error, int32_t http_code);

}  // namespace orc
