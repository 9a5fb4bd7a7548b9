// The order in which problems are told.
#pragma once

#include <vector>

#include "base/json.h"

namespace orc {

/// Sorts by where in `document` the problems lie, top to bottom, a value before what it holds; those of one place keep their order.
void SortByPlace(const Json& document, std::vector<Problem>& problems);

/// Keeps the first kMaxProblems and says in one more how many were left out.
void CapProblems(std::vector<Problem>& problems);

}  // namespace orc
