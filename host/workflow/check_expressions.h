// What a workflow's expressions refer to: every name must exist and be able to have a value by then.
#pragma once

#include "base/json.h"
#include "workflow/check.h"

namespace orc {

/// Adds a fault for each expression that can't be read, names an unknown variable or step, or reads a step that comes no earlier than
/// itself. Does nothing when the document says `"expressions": false`. `params`: the schema of a template's, else null.
void CheckExpressions(const Json& document, const Json* params, CheckReport& report);

}  // namespace orc
