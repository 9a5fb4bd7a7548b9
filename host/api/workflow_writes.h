// New workflows and new versions of them, as one change and one answer.
#pragma once

#include "api/answers.h"
#include "api/workflow_lookup.h"

namespace orc {

/// A workflow at version 1; the answer is 201 with Location.
Answer StoreNewWorkflow(const Call& call, const CheckedDefinition& checked, IdempotencyClaimPtr claim, std::vector<Problem> warnings);

/// The next version of `row`; the answer is 200 with the workflow. A version that was stored meanwhile is a conflict.
Answer StoreNextVersion(const Call& call, WorkflowRow row, const CheckedDefinition& checked, int conflict_status);

/// `"3"`, as it stands in ETag.
std::string VersionTag(int32_t version);

}  // namespace orc
