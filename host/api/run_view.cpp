#include "api/run_view.h"

#include <algorithm>

#include "base/json_writer.h"

namespace orc {
namespace {

void Keep(std::vector<Document>&& documents, std::map<uint32_t, std::string>& texts) {
  for (Document& document : documents) {
    if (document.step >= 0 && document.item < 0) texts[static_cast<uint32_t>(document.step)] = std::move(document.text);
  }
}

/// Of loops that are over: as far as the items' outputs together are short enough.
Result<void> LoadLoopOutputs(Store& store, const std::vector<std::pair<Document, int64_t>>& sizes, size_t inline_bytes, RunView& view) {
  std::map<uint32_t, int64_t> bytes;
  for (const auto& [document, size] : sizes) {
    if (document.step >= 0 && document.item >= 0) bytes[static_cast<uint32_t>(document.step)] += size + 1;
  }
  for (uint32_t step = 0; step < view.definition->steps.size(); ++step) {
    const StepState* loop = view.definition->steps[step].for_each ? view.run->FindStep({step, -1}) : nullptr;
    if (loop == nullptr || !loop->is_loop() || loop->status != StepStatus::kSucceeded) continue;
    const int64_t size = std::max<int64_t>(bytes[step], loop->loop.total);
    if (static_cast<size_t>(size) > inline_bytes) {
      view.long_outputs[step] = size;
      continue;
    }
    ORC_ASSIGN_OR_RETURN(view.outputs[step], ReadLoopOutput(store, *view.run, *loop));
  }
  return {};
}

Result<void> LoadOutputs(Store& store, RunView& view, size_t inline_bytes) {
  const std::string& run_id = view.run->identity.id;
  ORC_ASSIGN_OR_RETURN(const auto sizes, store.GetDocumentSizes(run_id, Document::Kind::kOutput));
  ORC_RETURN_IF_ERROR(LoadLoopOutputs(store, sizes, inline_bytes, view));
  std::vector<uint32_t> short_ones;
  for (const auto& [document, bytes] : sizes) {
    if (document.step < 0 || document.item >= 0) continue;
    if (static_cast<size_t>(bytes) > inline_bytes) {
      view.long_outputs[static_cast<uint32_t>(document.step)] = bytes;
    } else {
      short_ones.push_back(static_cast<uint32_t>(document.step));
    }
  }
  if (short_ones.size() == sizes.size() && !sizes.empty()) {
    ORC_ASSIGN_OR_RETURN(auto documents, store.GetDocuments(run_id, Document::Kind::kOutput));
    Keep(std::move(documents), view.outputs);
    return {};
  }
  for (const uint32_t step : short_ones) {
    ORC_ASSIGN_OR_RETURN(auto text, store.GetDocument(run_id, Document::Kind::kOutput, static_cast<int>(step), -1));
    if (text) view.outputs[step] = *std::move(text);
  }
  return {};
}

}  // namespace

Result<std::string> ReadLoopOutput(Store& store, const Run& run, const StepState& loop) {
  const auto step = static_cast<int32_t>(loop.step);
  ORC_ASSIGN_OR_RETURN(const auto documents, store.GetDocuments(run.identity.id, Document::Kind::kOutput, step));
  std::vector<const std::string*> outputs(static_cast<size_t>(loop.loop.total), nullptr);
  for (const Document& document : documents) {
    const bool counts = document.item >= 0 && document.item < loop.loop.total && HasSucceeded(run.FindStep({loop.step, document.item}));
    if (counts) outputs[static_cast<size_t>(document.item)] = &document.text;
  }
  JsonWriter list;
  list.BeginArray();
  for (const std::string* output : outputs) list.Raw(output != nullptr ? std::string_view(*output) : "null");
  list.EndArray();
  return std::move(list).text();
}

Result<RunView> LoadRunView(Store& store, Definitions& definitions, const std::string& run_id, size_t inline_bytes) {
  RunView view;
  ORC_ASSIGN_OR_RETURN(Run run, store.GetRun(run_id));
  view.run = std::make_shared<const Run>(std::move(run));
  ORC_ASSIGN_OR_RETURN(view.definition, definitions.Get(view.run->identity.workflow_id, view.run->identity.workflow_version));
  ORC_RETURN_IF_ERROR(LoadRunDocuments(store, view, inline_bytes));
  return view;
}

Result<void> LoadRunDocuments(Store& store, RunView& view, size_t inline_bytes) {
  const auto& steps = view.run->steps;
  const std::string& run_id = view.run->identity.id;
  const auto& of = view.definition->steps;
  const bool has_messages = std::any_of(of.begin(), of.end(), [](const StepDefinition& step) { return step.gate && step.gate->message; });
  if (has_messages) {
    ORC_ASSIGN_OR_RETURN(auto messages, store.GetDocuments(run_id, Document::Kind::kMessage));
    Keep(std::move(messages), view.messages);
  }
  const bool has_ended_steps = std::any_of(steps.begin(), steps.end(), [](const auto& entry) { return entry.second.finished_us > 0; });
  if (!has_ended_steps) return {};
  if (view.definition->output != nullptr || view.definition->output_template) {
    ORC_ASSIGN_OR_RETURN(auto result, store.GetDocument(run_id, Document::Kind::kOutput, -1, -1));
    if (result) view.result = *std::move(result);
  }
  ORC_RETURN_IF_ERROR(LoadOutputs(store, view, inline_bytes));
  ORC_ASSIGN_OR_RETURN(auto headers, store.GetDocuments(run_id, Document::Kind::kResponseHeaders));
  Keep(std::move(headers), view.step_headers);
  return {};
}

}  // namespace orc
