// What a step says about tries, gates, loops and failures: from JSON.
#pragma once

#include <string>
#include <vector>

#include "workflow/policies.h"

namespace orc {

// Each reads the field of `step` at `pointer`; the limits are those of schema/steps.schema.json: an administrator's schema may leave them
// out, the engine can't do without.
RetryPolicy ParseRetry(const Json& retry, const std::string& pointer, std::vector<Problem>& problems);
std::optional<GatePolicy> ParseGate(const Json& step, bool expressions, const std::string& pointer, std::vector<Problem>& problems);
std::optional<ForEach> ParseForEach(const Json& step, const std::string& pointer, std::vector<Problem>& problems);
std::optional<Repeat> ParseRepeat(const Json& step, const std::string& pointer, std::vector<Problem>& problems);
/// `gotos` gets what each rule's `goto` names, "" for none.
std::vector<CatchRule> ParseCatches(const Json& step, const std::string& pointer, std::vector<std::string>& gotos,
                                    std::vector<Problem>& problems);
/// Of the workflow's own document.
LimitPolicy ParseLimit(const Json& workflow, std::vector<Problem>& problems);
Retention ParseRetention(const Json& retention, const std::string& pointer, std::vector<Problem>& problems);

}  // namespace orc
