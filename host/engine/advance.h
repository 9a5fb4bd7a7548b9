// Going on: what can start is started.
#pragma once

#include "engine/draft.h"

namespace orc {

/// Begins steps until one is under way or waits, or the run is over. A chain of built-in steps is one decision.
void Advance(Draft& draft);

/// What follows once the step's gate (if any) is passed: the built-in is carried out, or the first try begins.
void BeginWork(Draft& draft, StepState& state);

}  // namespace orc
