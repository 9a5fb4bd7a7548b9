// What follows from a run's steps, kept up to date with them: so that a decision costs what it changes, not what the run holds.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "engine/status.h"

namespace orc {

struct Definition;
struct Run;
struct StepState;

/// Derived from definition and rows, never stored.
struct RunIndex {
  std::set<StepKey> active;                        // begun and not over
  std::set<std::pair<int64_t, StepKey>> due;       // (due_us, step) of active ones that have a due time
  std::set<std::pair<int64_t, StepKey>> undoable;  // (ended_no, step) of what succeeded, can be undone, and was not begun to be
  std::array<int32_t, 4> counts = {};              // of active ones by status, loops aside: their items count
  std::vector<uint32_t> unmet;                     // of a graph: for each main step the needs that are not met yet
  std::set<uint32_t> ready;                        // of a graph: main steps whose needs are met and that have not begun
};

/// Whether `state` lets those begin that need its step.
bool IsMet(const StepState& state);

/// Counts everything anew.
void BuildIndex(const Definition& definition, Run& run);

/// Brings the index from `before` (null: there was no row) to `after`, which is among the run's steps by now or will be. To be called for
/// every row that changes.
void UpdateIndex(const Definition& definition, const StepState* before, const StepState& after, Run& run);

}  // namespace orc
