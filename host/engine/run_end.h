// How a run comes to its end: outcome, compensation, `finally`, end.
#pragma once

#include "engine/draft.h"

namespace orc {

/// The run is going to be FAILED with this error, unless it is going to end in another way already. Nothing new begins; what only waits is
/// over; what is under way is let finish.
void FailRun(Draft& draft, const StepError& error);
/// A `condition` stopped it: it is going to be SUCCEEDED.
void StopRun(Draft& draft);
void NoteFinallyFailure(Draft& draft, const StepError& error);

/// A cancel, or the time-out of the workflow: attempts are told to stop, and get `grace_ms` unless `force`; what only waits is over.
void StopSteps(Draft& draft, bool force, int64_t grace_ms);

/// Every step is passed: the result is evaluated, and the run is going to be SUCCEEDED, or FAILED if that could not be.
void FinishSteps(Draft& draft);
/// Nothing is under way in this phase: begins what comes next, goes on to the next phase, or ends the run. False when a pause holds it up.
bool GoOnEnding(Draft& draft);
/// At once, whatever has not been done.
void EndRun(Draft& draft);

}  // namespace orc
