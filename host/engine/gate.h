// A step's gate: who may decide, and what follows.
#pragma once

#include <optional>

#include "engine/draft.h"

namespace orc {

/// Why this decision does not count: kForbidden for one who may not decide here, kConflict for one who decided otherwise before, kInvalid
/// (below /input) where the form is not filled in as it asks. `own`: the caller's earlier decision, or null. Nothing: it counts.
std::optional<Error> JudgeDecision(const Draft& draft, const StepState& state, const Actor& actor, const Approval& decision,
                                   const Approval* own);

/// It is approved: the step goes on, or is held up while the run is paused.
void PassDecidedGate(Draft& draft, StepState& state);

/// Its time is up.
void CloseGate(Draft& draft, StepState& state);

}  // namespace orc
