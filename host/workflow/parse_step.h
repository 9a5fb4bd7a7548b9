// One step of a definition.
#pragma once

#include <string>
#include <vector>

#include "workflow/definition.h"

namespace orc {

/// How other steps are named in a step, before it is known where they are.
struct StepLinks {
  bool has_needs = false;
  std::vector<std::string> needs;
  std::vector<std::string> gotos;  // of each catch rule; "" for none
  std::string skip_to;             // of a condition's on_false; "" for none
};

struct ParsedStep {
  StepDefinition step;
  StepLinks links;
  std::optional<StepDefinition> compensation;
};

/// Reads a step of `steps` or `finally` (by `role`); faults go to `problems`, with pointers below `pointer`.
ParsedStep ParseStep(const Json& document, StepDefinition::Role role, bool expressions, const std::string& pointer,
                     std::vector<Problem>& problems);

}  // namespace orc
