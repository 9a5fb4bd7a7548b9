// The order in which problems are told.
#pragma once

#include <vector>

#include "base/json.h"

namespace orc {

/// Sorts by where in `document` the problems lie, top to bottom, a value before what it holds; those of one place keep their order.
void SortByPlace(const Json& document, std::vector<Problem>& problems);

/// Keeps the first kMaxProblems and says in one more, the last, how many were left out. Takes the remark of a check that gave up
/// (JsonSchema::kMoreFaults) to mean "at least".
void CapProblems(std::vector<Problem>& problems);

}  // namespace orc
