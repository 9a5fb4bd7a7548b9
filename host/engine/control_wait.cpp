// `wait`: for a time, an instant or a signal. A run that only waits is a row, no thread and no memory.
#include <algorithm>

#include "base/rfc3339.h"
#include "engine/control.h"
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/step_end.h"
#include "workflow/limits.h"

namespace orc {
namespace {

StepError Invalid(std::string message) { return {"input_invalid", std::move(message), false, ""}; }

void Wait(Draft& draft, StepState& state, StepWait kind, int64_t due_us, const std::string& note) {
  state.wait = kind;
  state.due_us = due_us;
  draft.SetStatus(state, StepStatus::kWaiting);
  draft.Settle();
  RecordStep(draft, "step.waiting", state, {.note = note});
}

std::optional<StepError> WaitForTime(Draft& draft, StepState& state, const Json& ms) {
  if (!ms.is_int64() || ms.get_int64() < 0 || ms.get_int64() > kMaxRunMs) {
    return Invalid("input/ms: expected whole milliseconds up to a year, found " + DescribeJson(ms));
  }
  Wait(draft, state, StepWait::kTime, DueAfter(draft.now_us(), ms.get_int64()), std::to_string(ms.get_int64()) + " ms");
  return std::nullopt;
}

std::optional<StepError> WaitForInstant(Draft& draft, StepState& state, const Json& until) {
  const std::string text = until.is_string() ? std::string(until.get_string()) : std::string();
  const auto instant_us = ParseRfc3339(text);
  if (!instant_us) return Invalid("input/until: expected a time such as \"2026-11-23T08:00:00Z\", found " + DescribeJson(until));
  Wait(draft, state, StepWait::kInstant, std::max<int64_t>(*instant_us, 1), "until " + text);
  return std::nullopt;
}

/// One that was kept; the oldest of its name.
std::optional<int64_t> TakeKept(Draft& draft, const std::string& name) {
  const auto& kept = draft.progress().signals;
  const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptSignal& signal) { return signal.name == name; });
  if (found == kept.end()) return std::nullopt;
  const int64_t number = found->number;
  auto& signals = draft.EditProgress().signals;
  signals.erase(signals.begin() + (found - kept.begin()));
  return number;
}

std::optional<StepError> WaitForSignal(Draft& draft, StepState& state, const Json& input) {
  const std::string name(StringAt(input, "signal"));
  if (name.empty() || name.size() > kMaxSignalName)
    return Invalid("input/signal: expected a name, found " + DescribeJson(*Find(input, "signal")));
  const Json* timeout = Find(input, "timeout_ms");
  const bool has_timeout = timeout != nullptr && !timeout->is_null();
  if (has_timeout && (!timeout->is_int64() || timeout->get_int64() < 1 || timeout->get_int64() > kMaxRunMs)) {
    return Invalid("input/timeout_ms: expected whole milliseconds up to a year, found " + DescribeJson(*timeout));
  }
  if (const auto number = TakeKept(draft, name)) {
    const std::string* payload = draft.FindText(Document::Kind::kSignal, {kOfRun, static_cast<int32_t>(*number)});
    AttemptFinished result;
    result.output = payload != nullptr ? *payload : "null";
    SucceedTry(draft, state, result);
    return std::nullopt;
  }
  state.wait_for = name;
  const int64_t timeout_ms = has_timeout ? timeout->get_int64() : draft.StepOf(state).timeout_ms;
  Wait(draft, state, StepWait::kSignal, timeout_ms > 0 ? DueAfter(draft.now_us(), timeout_ms) : 0, "signal " + name);
  return std::nullopt;
}

std::optional<StepError> Begin(Draft& draft, StepState& state, const Json& input) {
  const Json* ms = Find(input, "ms");
  const Json* until = Find(input, "until");
  const Json* signal = Find(input, "signal");
  const int given = (ms != nullptr ? 1 : 0) + (until != nullptr ? 1 : 0) + (signal != nullptr ? 1 : 0);
  if (given != 1) return Invalid("input: expected exactly one of \"ms\", \"until\" and \"signal\"");
  if (ms != nullptr) return WaitForTime(draft, state, *ms);
  return until != nullptr ? WaitForInstant(draft, state, *until) : WaitForSignal(draft, state, input);
}

}  // namespace

void RunWait(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  if (auto fault = Begin(draft, state, *input)) FailStep(draft, state, *std::move(fault));
}

}  // namespace orc
