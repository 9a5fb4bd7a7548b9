#include "api/run_view.h"

#include <algorithm>

namespace orc {
namespace {

void Keep(std::vector<Document>&& documents, std::map<uint32_t, std::string>& texts) {
  for (Document& document : documents) {
    if (document.step >= 0 && document.item < 0) texts[static_cast<uint32_t>(document.step)] = std::move(document.text);
  }
}

Result<void> LoadOutputs(Store& store, RunView& view, size_t inline_bytes) {
  const std::string& run_id = view.run->identity.id;
  ORC_ASSIGN_OR_RETURN(const auto sizes, store.GetDocumentSizes(run_id, Document::Kind::kOutput));
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
