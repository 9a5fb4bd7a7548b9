// The columns that hold, as one JSON object, what hardly ever differs from its default.
#pragma once

#include <string>
#include <string_view>

#include "engine/run.h"

namespace orc {

// "" when everything is at its default.
std::string ExtraText(const RunProgress& progress);
std::string ExtraText(const StepState& state);
std::string OriginText(const RunIdentity& identity);

// Each fills in what the text says; kInternal for a text that is not ours.
Result<void> ReadExtra(std::string_view text, RunProgress& progress);
Result<void> ReadExtra(std::string_view text, StepState& state);
Result<void> ReadOrigin(std::string_view text, RunIdentity& identity);

/// All decisions at a gate: a list; one alone, as an earlier release wrote it, is read too.
std::string ApprovalsText(const std::vector<Approval>& approvals);
Result<std::vector<Approval>> ParseApprovals(std::string_view text);

}  // namespace orc
