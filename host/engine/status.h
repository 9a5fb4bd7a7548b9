// The states of runs and steps.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace orc {

enum class RunStatus : uint8_t {
  kPending,
  kRunning,
  kWaitingApproval,
  kWaiting,
  kPaused,
  kCanceling,
  kSucceeded,
  kFailed,
  kCanceled,
  kTimedOut
};
enum class StepStatus : uint8_t { kPending, kRunning, kWaitingApproval, kWaiting, kSucceeded, kFailed, kCanceled, kTimedOut, kSkipped };

/// The wire spellings: "PENDING", "WAITING_APPROVAL", "CANCELED" …
std::string_view ToText(RunStatus status);
std::string_view ToText(StepStatus status);
std::optional<RunStatus> ParseRunStatus(std::string_view text);
std::optional<StepStatus> ParseStepStatus(std::string_view text);
bool IsTerminal(RunStatus status);
bool IsTerminal(StepStatus status);

/// A step of a run (item -1), or an item of its for_each.
struct StepKey {
  uint32_t step = 0;
  int32_t item = -1;
  auto operator<=>(const StepKey&) const = default;  // NOLINT(modernize-use-nullptr): what the compiler makes of it
};

}  // namespace orc
