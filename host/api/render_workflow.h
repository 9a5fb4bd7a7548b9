// Workflows and versions as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "engine/store.h"

namespace orc {

/// {id, name, description, steps, … what else the definition says, version, created_at, updated_at, archived}. `payload` is the
/// definition of the row's version. `warnings` are added when there are any.
Result<std::string> RenderWorkflow(const WorkflowRow& row, const std::string& payload, const std::vector<Problem>& warnings = {});
/// {id, workflow_id, version, payload, created_at}.
std::string RenderVersion(const VersionRow& row);

/// The members of an object but those named in `skip`.
void WriteMembers(JsonWriter& writer, const Json& document, const std::vector<std::string_view>& skip);

}  // namespace orc
