// Beginning a try of a step that an action carries out.
#pragma once

#include "engine/draft.h"

namespace orc {

/// Begins the next try: the first one fills the input in and stores it, later ones send the same text again. An expression that fails
/// fails the step.
void StartTry(Draft& draft, StepState& state);

/// Sends the try that was under way once more, as the same try: its host is gone.
void RepeatTry(Draft& draft, StepState& state);

/// Counts a try that begins.
void NoteTry(Draft& draft, StepState& state);

}  // namespace orc
