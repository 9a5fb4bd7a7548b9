// The way of a step: `if`, gate, `for_each`, work; and back: `repeat`, `retry`, `catch`, end. Each station is a file of its own, and all
// have one shape: what they are given is at their station; they say whether it goes on to the next one.
#pragma once

#include "engine/draft.h"

namespace orc {

enum class Way : uint8_t {
  kGoOn,  // to the next station
  kStay,  // it waits here, is under way, or is over
};

// There: of a step that begins.
Way PassIf(Draft& draft, StepState& state);       // way_if.cpp
Way PassGate(Draft& draft, StepState& state);     // way_gate.cpp
Way PassForEach(Draft& draft, StepState& state);  // way_for_each.cpp: the step stays while its items go on by themselves
Way PassWork(Draft& draft, StepState& state);     // way_work.cpp: a control action is carried out, or the first try is sent

// Back: of a try that ended.
Way PassRepeat(Draft& draft, StepState& state, const AttemptFinished& result);  // way_repeat.cpp: it succeeded
Way PassRetry(Draft& draft, StepState& state, const AttemptFinished& result);   // way_retry.cpp: it failed
Way PassCatch(Draft& draft, StepState& state, const StepError& error);          // way_catch.cpp: so did the step

/// Sends a step on its way.
void BeginStep(Draft& draft, uint32_t step);
/// Goes on with one that is past its gate.
void GoOnAfterGate(Draft& draft, StepState& state);

/// `for_each`: begins items as far as `concurrency` lets it; ends the step when all are over.
void ContinueLoop(Draft& draft, uint32_t step);
/// An item is over: its loop is to be looked at.
void NoteItemEnd(Draft& draft, const StepState& item);

}  // namespace orc
