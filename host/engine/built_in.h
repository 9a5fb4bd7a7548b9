// Actions that the decision core carries out itself, within the decision: they touch the run's own state.
#pragma once

#include <string_view>

#include "engine/draft.h"

namespace orc {

/// Ends the step (and perhaps the run). Never waits.
using BuiltIn = void (*)(Draft& draft, StepState& state);

/// `transform`: {"set": {…}} puts top-level keys into the context; `set` is the output.
void RunTransform(Draft& draft, StepState& state);
/// `condition`: {key, equals | not_equals, on_false: "stop" | "fail"}; output {"result": bool}.
void RunCondition(Draft& draft, StepState& state);

/// Null when `action` is a plugin's.
BuiltIn FindBuiltIn(std::string_view action);

}  // namespace orc
