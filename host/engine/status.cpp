#include "engine/status.h"

#include <algorithm>
#include <array>

namespace orc {
namespace {

constexpr std::array<std::string_view, 10> kRunTexts = {"PENDING",   "RUNNING",   "WAITING_APPROVAL", "WAITING",  "PAUSED",
                                                        "CANCELING", "SUCCEEDED", "FAILED",           "CANCELED", "TIMED_OUT"};
constexpr std::array<std::string_view, 9> kStepTexts = {"PENDING", "RUNNING",  "WAITING_APPROVAL", "WAITING", "SUCCEEDED",
                                                        "FAILED",  "CANCELED", "TIMED_OUT",        "SKIPPED"};

template <typename Status, size_t N>
std::optional<Status> ParseStatus(const std::array<std::string_view, N>& texts, std::string_view text) {
  const auto found = std::find(texts.begin(), texts.end(), text);
  if (found == texts.end()) return std::nullopt;
  return static_cast<Status>(found - texts.begin());
}

}  // namespace

std::string_view ToText(RunStatus status) { return kRunTexts.at(static_cast<size_t>(status)); }
std::string_view ToText(StepStatus status) { return kStepTexts.at(static_cast<size_t>(status)); }
std::optional<RunStatus> ParseRunStatus(std::string_view text) { return ParseStatus<RunStatus>(kRunTexts, text); }
std::optional<StepStatus> ParseStepStatus(std::string_view text) { return ParseStatus<StepStatus>(kStepTexts, text); }

bool IsTerminal(RunStatus status) { return status >= RunStatus::kSucceeded; }
bool IsTerminal(StepStatus status) { return status >= StepStatus::kSucceeded; }

}  // namespace orc
