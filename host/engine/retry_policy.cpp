#include "engine/retry_policy.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace orc {
namespace {

// Nothing of these changes by trying again.
constexpr std::array<std::string_view, 7> kFinalCodes = {"rejected",        "expression_error", "input_invalid", "unknown_action",
                                                         "condition_false", "egress_denied",    "cancelled"};

}  // namespace

std::optional<int64_t> NextTryAfterMs(const RetryPolicy& policy, const StepError& error, int32_t tries_begun, int64_t retry_after_ms) {
  if (std::find(kFinalCodes.begin(), kFinalCodes.end(), error.code) != kFinalCodes.end()) return std::nullopt;
  if (tries_begun > policy.max) return std::nullopt;
  return std::max({int64_t{0}, policy.backoff_ms, std::min(retry_after_ms, kMaxRetryAfterMs)});
}

}  // namespace orc
