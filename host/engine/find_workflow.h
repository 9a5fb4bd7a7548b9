// Finding a workflow by what people call it.
#pragma once

#include <string>

#include "engine/store.h"

namespace orc {

/// By id, else by key. kNotFound.
Result<WorkflowRow> FindWorkflow(Store& store, const std::string& id_or_key);

}  // namespace orc
