#include "engine/retry_policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/ids.h"
#include "workflow/limits.h"

namespace orc {
namespace {

// Nothing of these changes by trying again.
constexpr std::array<std::string_view, 7> kFinalCodes = {"rejected",        "expression_error", "input_invalid", "unknown_action",
                                                         "condition_false", "egress_denied",    "cancelled"};

/// 0 … 1, by the key alone.
double Draw(const AttemptKey& key) {
  std::string seed = key.run_id;
  for (const int64_t part : {int64_t{key.run_attempt}, int64_t{key.step}, int64_t{key.item}, int64_t{key.round}, int64_t{key.try_number}}) {
    seed += ':';
    seed += std::to_string(part);
  }
  return static_cast<double>(StableHash(seed) >> 11) / 9007199254740992.0;  // 2^53
}

int64_t BackoffMs(const RetryPolicy& policy, const AttemptKey& key) {
  const double longest = static_cast<double>(policy.max_backoff_ms > 0 ? policy.max_backoff_ms : kMaxWaitMs);
  double wait = static_cast<double>(policy.backoff_ms) * std::pow(policy.factor, key.try_number - 1);
  wait = std::min(std::max(wait, 0.0), longest);  // a factor of a thousand, a thousand times, is infinite
  if (policy.jitter > 0) wait -= wait * policy.jitter * Draw(key);
  return static_cast<int64_t>(wait);
}

}  // namespace

bool Matches(const std::vector<std::string>& on, const StepError& error, int32_t http_code) {
  const std::string status = http_code > 0 ? std::to_string(http_code) : std::string();
  const std::string status_class = status.size() == 3 ? status.substr(0, 1) + "xx" : std::string();
  return std::any_of(on.begin(), on.end(), [&](const std::string& name) {
    return name == "*" || name == error.code || (!status.empty() && (name == status || name == status_class));
  });
}

std::optional<int64_t> NextTryAfterMs(const RetryPolicy& policy, const FailedTry& failed) {
  if (std::find(kFinalCodes.begin(), kFinalCodes.end(), failed.error->code) != kFinalCodes.end()) return std::nullopt;
  if (failed.key.try_number > policy.max) return std::nullopt;
  if (!policy.on.empty() && !Matches(policy.on, *failed.error, failed.http_code)) return std::nullopt;
  const int64_t wait_ms = std::max(BackoffMs(policy, failed.key), std::min(failed.retry_after_ms, kMaxRetryAfterMs));
  if (policy.budget_ms > 0 && failed.elapsed_ms + wait_ms >= policy.budget_ms) return std::nullopt;
  return wait_ms;
}

}  // namespace orc
