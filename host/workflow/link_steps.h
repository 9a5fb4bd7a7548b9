// From the names that steps give one another to where they are.
#pragma once

#include <vector>

#include "workflow/definition.h"
#include "workflow/parse_step.h"

namespace orc {

/// Fills `needs`, `dependents`, `is_graph` and `goto_step` of a definition whose steps are indexed. `links[i]` is of step i. Faults: names
/// that are not known or not clear, needs in a circle, a goto that does not lead forward.
void LinkSteps(const std::vector<StepLinks>& links, Definition& definition, std::vector<Problem>& problems);

}  // namespace orc
