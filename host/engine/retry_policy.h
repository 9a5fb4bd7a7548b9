// Whether a failed try is followed by another, and when.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// The longest wait that a far side's Retry-After can bring about.
inline constexpr int64_t kMaxRetryAfterMs = 3'600'000;

/// Milliseconds until the next try, or nothing when `tries_begun` were all, or when another try could not end otherwise
/// (rejected, expression_error, input_invalid, unknown_action, condition_false, egress_denied, cancelled).
std::optional<int64_t> NextTryAfterMs(const RetryPolicy& policy, const StepError& error, int32_t tries_begun, int64_t retry_after_ms);

}  // namespace orc
