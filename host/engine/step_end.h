// How a step ends, and what follows.
#pragma once

#include "engine/draft.h"

namespace orc {

/// A try succeeded with this output (JSON text; "" means null): another round follows, or the step SUCCEEDED.
void SucceedTry(Draft& draft, StepState& state, const AttemptFinished& result);

/// A try failed: another one is due or begun, or the step FAILED.
void FailTry(Draft& draft, StepState& state, const AttemptFinished& result);

/// FAILED without another try; unless a `catch` takes it, so does the run (a finally step or a compensation is only recorded).
void FailStep(Draft& draft, StepState& state, const AttemptFinished& result);
/// The same for a failure that no action reported.
void FailStep(Draft& draft, StepState& state, StepError error);

void SkipStep(Draft& draft, StepState& state, std::string_view why);
void CancelStep(Draft& draft, StepState& state);
/// Every item of a for_each is over: SUCCEEDED.
void EndLoopWell(Draft& draft, StepState& loop);

/// What the step shows as its error, never without a code and a sentence.
StepError ErrorOf(const AttemptFinished& result);

/// True when the run is going to end and the step is one of those that are not begun then: no further try, round or item of it.
bool IsEnding(const Draft& draft, const StepState& state);

}  // namespace orc
