// Puts the template pack's templates into the store at start.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/committer.h"
#include "engine/store.h"
#include "workflow/workflow_template.h"

namespace orc {

/// Reads {"templates":[…]}; the error names the file and every fault.
Result<std::vector<WorkflowTemplate>> ReadTemplatePack(const std::string& file);

/// Adds those whose id is not there yet and leaves the others as they are, so that an edited one stays edited. Waits for the commit.
Result<void> AddMissingTemplates(const std::vector<WorkflowTemplate>& pack, const Clock& clock, Store& store, Committer& committer);

}  // namespace orc
