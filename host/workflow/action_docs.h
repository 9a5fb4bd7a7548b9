// The page of an action, made of its schemas.
#pragma once

#include <string>

#include "workflow/action_catalog.h"

namespace orc {

/// Markdown: what the action is, and a table each of its configuration, input and output.
std::string ActionDocs(const ActionInfo& action);

}  // namespace orc
