// Everything that an answer about a run is made of.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/definitions.h"
#include "engine/run.h"
#include "engine/store.h"

namespace orc {

struct RunView {
  std::shared_ptr<const Run> run;
  std::shared_ptr<const Definition> definition;
  std::map<uint32_t, std::string> outputs;       // JSON text by step, as it was stored
  std::map<uint32_t, int64_t> long_outputs;      // bytes of those that are too long to be shown
  std::map<uint32_t, std::string> step_headers;  // JSON text: response headers
  std::map<uint32_t, std::string> messages;      // JSON text: what gates tell those who decide
  std::string result = "null";                   // JSON text: what the definition's `output` gave
};

/// Reads a run with its steps' outputs (not those of items) of up to `inline_bytes`; longer ones are never read. kNotFound.
Result<RunView> LoadRunView(Store& store, Definitions& definitions, const std::string& run_id, size_t inline_bytes);
/// The output of a for_each that is over: the list of its items' outputs, null for those that failed. JSON text.
Result<std::string> ReadLoopOutput(Store& store, const Run& run, const StepState& loop);
/// Adds the outputs and headers to a view that has a run and a definition.
Result<void> LoadRunDocuments(Store& store, RunView& view, size_t inline_bytes);

}  // namespace orc
