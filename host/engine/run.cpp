#include "engine/run.h"

#include <algorithm>
#include <utility>

namespace orc {
namespace {

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

std::string_view ToText(RunPhase phase) {
  switch (phase) {
    case RunPhase::kSteps:
      return "steps";
    case RunPhase::kCompensating:
      return "compensating";
    case RunPhase::kFinally:
      break;
  }
  return "finally";
}

const StepState* Run::FindStep(StepKey key) const {
  const auto found = steps.find(key);
  return found != steps.end() ? &found->second : nullptr;
}

StepStatus DisplayStatus(const Run& run, StepKey key) {
  if (const StepState* state = run.FindStep(key)) return state->status;
  const bool went_past = key.item < 0 && key.step < run.progress.next_step;
  if (went_past) return StepStatus::kSkipped;
  if (!IsTerminal(run.progress.status)) return StepStatus::kPending;
  return run.progress.status == RunStatus::kCanceled ? StepStatus::kCanceled : StepStatus::kSkipped;
}

std::string IdempotencyKeyOf(const AttemptKey& key, std::string_view step_id, std::string_view own) {
  std::string text;
  if (own.empty()) {
    text = key.run_id;
    text += ':';
    AppendEncoded(text, step_id);
    text += ':';
    text += key.item < 0 ? "-" : std::to_string(key.item);
  } else {
    AppendEncoded(text, own);
  }
  text += ':';
  text += std::to_string(key.run_attempt);
  text += ':';
  text += std::to_string(key.round);
  return text;
}

}  // namespace orc
