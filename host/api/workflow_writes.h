// New workflows and new versions of them, as one change and one answer.
#pragma once

#include "api/answers.h"
#include "api/workflow_lookup.h"

namespace orc {

/// A workflow at version 1; the answer is 201 with Location.
Answer StoreNewWorkflow(const Call& call, const CheckedDefinition& checked, IdempotencyClaimPtr claim, std::vector<Problem> warnings);

/// The next version of `row`; the answer is 200 with the workflow. A version that was stored meanwhile is a conflict.
/// `if_match`: what ReadIfMatch gave; `claim`: null without an Idempotency-Key.
Answer StoreNextVersion(const Call& call, WorkflowRow row, const CheckedDefinition& checked, int32_t if_match, IdempotencyClaimPtr claim);

/// The version that If-Match names; 0: none (or "*"). kUnreadable.
Result<int32_t> ReadIfMatch(const Request& request);

/// A workflow keeps its key when the next version's document names none.
void KeepKey(const WorkflowRow& row, Json& document);

/// What was answered before, with the ETag that it had: the stored answer has it in its body.
Answer ReplayWorkflow(Response first);

/// `"3"`, as it stands in ETag.
std::string VersionTag(int32_t version);

}  // namespace orc
