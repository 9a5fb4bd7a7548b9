// Control actions: those that the decision core carries out itself, because they touch the run's own state. Each has a file of its own, and
// all have one shape: the step is RUNNING its first try; they end it, or leave it WAITING.
#pragma once

#include <string_view>

#include "engine/draft.h"

namespace orc {

using Control = void (*)(Draft& draft, StepState& state);

/// {"set": {…}} puts top-level keys into the context, {"expr": CEL} gives the output; `set` is the output where there is no `expr`.
void RunTransform(Draft& draft, StepState& state);
/// {key, equals | not_equals} or {"if": CEL}, and on_false: "stop", "fail", "continue" or "skip_to:<step>"; output {"result": bool}.
void RunCondition(Draft& draft, StepState& state);
/// {"ms"}, {"until"} or {"signal", timeout_ms}: WAITING until then.
void RunWait(Draft& draft, StepState& state);
/// {"workflow", "version", "context"}: another run, and WAITING for its end.
void RunSubWorkflow(Draft& draft, StepState& state);

/// Null when `action` is a plugin's.
Control FindControl(std::string_view action);

}  // namespace orc
