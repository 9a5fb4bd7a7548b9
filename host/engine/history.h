// The history rows of a decision, with the payload that hooks and readers need.
#pragma once

#include <string_view>

#include "engine/draft.h"

namespace orc {

/// Who and why, where there is something to say.
struct HistoryNote {
  std::string_view note = {};
  std::string_view actor = {};
};

/// A row about the run as the draft has it now: {status, current_step, attempt, note, actor?, error?}.
void RecordRun(Draft& draft, std::string_view type, const HistoryNote& note = {});

/// It waits for a place under its workflow's limit.
void RecordQueued(Draft& draft);

/// A row about a step: {status, current_step, attempt, note, actor?, step_id, step_name, step_action, step_status, try, http_code, error,
/// error_code?}.
void RecordStep(Draft& draft, std::string_view type, const StepState& state, const HistoryNote& note = {});

}  // namespace orc
