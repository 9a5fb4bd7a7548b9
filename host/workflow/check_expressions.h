// What the expressions of a definition name: whether it is there, and can be known by then.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "workflow/check.h"
#include "workflow/definition.h"

namespace orc {

/// Adds every fault of the expressions of `definition` (as far as it could be read) to `report`, each with its place and the nearest name.
/// `params`: of a template, the schema of its params; null for a workflow, which has none. `secrets`: those that are configured.
void CheckExpressions(const Definition& definition, const Json* params, const std::vector<std::string>& secrets, CheckReport& report);

}  // namespace orc
