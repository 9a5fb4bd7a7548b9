// Runs and steps as JSON: the shapes that clients rely on (see design/compatibility.md).
#pragma once

#include <string>
#include <vector>

#include "api/run_view.h"
#include "base/json_writer.h"

namespace orc {

/// The whole run. `warnings` are added when there are any.
std::string RenderRun(const RunView& view, const std::vector<Problem>& warnings = {});
/// The run without its steps and context: an item of a list.
void WriteRunSummary(JsonWriter& writer, const Run& run, const Definition* definition);
/// Members of what a gate asks for: approvers, count, form.
void WriteGate(JsonWriter& writer, const StepDefinition& step);
void WriteStep(JsonWriter& writer, const RunView& view, uint32_t step);
/// An item of a for_each; `output` is JSON text.
void WriteItem(JsonWriter& writer, const Run& run, const StepDefinition& definition, StepKey key, std::string_view output);

/// null for 0, else RFC 3339.
void WriteTime(JsonWriter& writer, std::string_view key, int64_t us);

}  // namespace orc
