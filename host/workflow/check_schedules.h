// What can be said of a workflow's schedules when it is stored, beyond their shape.
#pragma once

#include "base/json.h"
#include "workflow/check.h"
#include "workflow/definition.h"

namespace orc {

/// Zones that the system does not have, and contexts that do not fit the workflow's input_schema, go to the errors of `report`; expressions
/// in a context, which are not evaluated, to its warnings. `definition` is what could be read of `document`; `params`: of a template, else
/// null. Where a template fills a text in later, nothing is said of it, and what was said of it is taken back.
void CheckSchedules(const Json& document, const Definition& definition, const Json* params, CheckReport& report);

}  // namespace orc
