#include "engine/run.h"

#include <algorithm>
#include <array>
#include <utility>

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

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '~';
}

void AppendEncoded(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsPlain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

}  // namespace

std::string_view ToText(RunStatus status) { return kRunTexts.at(static_cast<size_t>(status)); }
std::string_view ToText(StepStatus status) { return kStepTexts.at(static_cast<size_t>(status)); }
std::optional<RunStatus> ParseRunStatus(std::string_view text) { return ParseStatus<RunStatus>(kRunTexts, text); }
std::optional<StepStatus> ParseStepStatus(std::string_view text) { return ParseStatus<StepStatus>(kStepTexts, text); }

bool IsTerminal(RunStatus status) { return status >= RunStatus::kSucceeded; }
bool IsTerminal(StepStatus status) { return status >= StepStatus::kSucceeded; }

const StepState* Run::FindStep(uint32_t step, int32_t item) const {
  const auto found = std::lower_bound(steps.begin(), steps.end(), std::pair(step, item),
                                      [](const StepState& state, const auto& key) { return std::pair(state.step, state.item) < key; });
  return found != steps.end() && found->step == step && found->item == item ? &*found : nullptr;
}

StepStatus DisplayStatus(const Run& run, uint32_t step) {
  if (const StepState* state = run.FindStep(step)) return state->status;
  if (!IsTerminal(run.progress.status)) return StepStatus::kPending;
  return run.progress.status == RunStatus::kCanceled ? StepStatus::kCanceled : StepStatus::kSkipped;
}

std::string IdempotencyKeyOf(const AttemptKey& key, std::string_view step_id) {
  std::string text = key.run_id;
  text += ':';
  AppendEncoded(text, step_id);
  text += ':';
  text += key.item < 0 ? "-" : std::to_string(key.item);
  text += ':';
  text += std::to_string(key.run_attempt);
  text += ":0";
  return text;
}

}  // namespace orc
