// What each kind of event decides; and what every one of them is followed by.
#pragma once

#include "engine/draft.h"

namespace orc {

void DecideOn(Draft& draft, const RunBegun& event);
void DecideOn(Draft& draft, const RunQueued& event);
void DecideOn(Draft& draft, const RunTurnedAway& event);
void DecideOn(Draft& draft, const AttemptFinished& event);
void DecideOn(Draft& draft, const ChildEnded& event);
void DecideOn(Draft& draft, const TimerDue& event);
void DecideOn(Draft& draft, const GateDecided& event);
void DecideOn(Draft& draft, const SignalSent& event);
void DecideOn(Draft& draft, const PauseRequested& event);
void DecideOn(Draft& draft, const ResumeRequested& event);
void DecideOn(Draft& draft, const CancelRequested& event);
void DecideOn(Draft& draft, const HostLost& event);
void DecideOn(Draft& draft, const RetryRequested& event);

/// Begins what can begin and ends what must end, until something is under way or waited for, or the run is over. A chain of steps that end
/// at once is one decision.
void Advance(Draft& draft);

}  // namespace orc
