// How a step ends, and what a failed try leads to.
#pragma once

#include "engine/draft.h"

namespace orc {

/// SUCCEEDED with the output (JSON text; "" means null); the run goes past it. The caller then advances.
void SucceedStep(Draft& draft, StepState& state, const AttemptFinished& result);

/// The try under way failed: another one is due or begun, or the step and with it the run FAILED.
void FailTry(Draft& draft, StepState& state, const AttemptFinished& result);

/// FAILED, and with it the run.
void FailStep(Draft& draft, StepState& state, const AttemptFinished& result);
/// The same for a failure that no action reported.
void FailStep(Draft& draft, StepState& state, StepError error);

void CancelStep(Draft& draft, StepState& state);

}  // namespace orc
