// What each event leads to: one overload an event, one file each.
#pragma once

#include "engine/draft.h"
#include "engine/event.h"

namespace orc {

void DecideOn(Draft& draft, const RunBegun& event);
void DecideOn(Draft& draft, const AttemptFinished& event);
void DecideOn(Draft& draft, const TimerDue& event);
void DecideOn(Draft& draft, const GateDecided& event);
void DecideOn(Draft& draft, const CancelRequested& event);
void DecideOn(Draft& draft, const HostLost& event);
void DecideOn(Draft& draft, const RetryRequested& event);

/// A run that is CANCELING ends once nothing of it is under way.
void EndCancelWhenIdle(Draft& draft);

}  // namespace orc
