// History rows and log lines as JSON: the same in lists and in streams.
#pragma once

#include <string>

#include "engine/store.h"
#include "workflow/definition.h"

namespace orc {

/// {id, run_id, workflow_id, number, at, type, … what the payload holds}.
std::string RenderEvent(const EventRow& row);
/// {id, at, level, source, step_id?, try, text}.
std::string RenderLogLine(const LogRow& row, const Definition& definition);

}  // namespace orc
