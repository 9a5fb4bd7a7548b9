// What a run must fulfil before it is made, and what of it follows from its workflow.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "engine/run.h"
#include "workflow/definition.h"

namespace orc {

/// How deep workflows start each other, as sub-workflows or on a failure.
inline constexpr int32_t kMaxRunDepth = 8;

/// Checks the context against the workflow's input_schema, and evaluates its concurrency_key into `identity.limit_key`. kInvalid (below
/// /context) names every problem. `context` null: an empty object.
Result<void> AdmitRun(const Definition& definition, RunIdentity& identity, const std::shared_ptr<const Json>& context, int64_t now_us);

/// The labels of the workflow, and the run's own over them (null: it has none), as JSON text.
std::string MergeLabels(const Definition& definition, const JsonObject* own);

}  // namespace orc
