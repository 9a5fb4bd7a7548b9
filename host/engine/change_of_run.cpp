#include "engine/change_of_run.h"

#include <algorithm>
#include <set>

namespace orc {
namespace {

void PutStep(const std::string& run_id, const StepState& state, size_t earlier, Change& change) {
  for (size_t i = 0; i < earlier; ++i) {
    StepState& old = change.steps[i].state;
    if (old.step != state.step || old.item != state.item) continue;
    old = state;
    return;
  }
  change.steps.push_back({run_id, state});
}

void PutDocument(const std::string& run_id, Document document, size_t earlier, Change& change) {
  for (size_t i = 0; i < earlier; ++i) {
    Document& old = change.documents[i].document;
    if (old.kind != document.kind || old.step != document.step || old.item != document.item) continue;
    old = std::move(document);
    return;
  }
  change.documents.push_back({run_id, std::move(document)});
}

/// The store clears before it writes: rows of this change that the clearing means must go here.
void ClearSteps(const std::string& run_id, const std::vector<StepKey>& keys, Change& change) {
  const std::set<StepKey> cleared(keys.begin(), keys.end());
  std::erase_if(change.steps, [&](const StepRow& row) { return cleared.contains(row.state.key()); });
  std::erase_if(change.documents, [&](const DocumentRow& row) {
    return row.document.step >= 0 && cleared.contains({static_cast<uint32_t>(row.document.step), row.document.item});
  });
  for (const StepKey& key : keys) change.cleared_steps.emplace_back(run_id, key);
}

}  // namespace

void AddDecision(const RunIdentity& run, Decision& decision, int64_t now_us, Change& change) {
  if (!decision.cleared.empty()) ClearSteps(run.id, decision.cleared, change);
  // Within one decision every row comes once; only those of earlier decisions are searched.
  const size_t earlier_steps = change.steps.size();
  for (const StepState& state : decision.steps) PutStep(run.id, state, earlier_steps, change);
  const size_t earlier_documents = change.documents.size();
  for (Document& document : decision.documents) PutDocument(run.id, std::move(document), earlier_documents, change);
  for (HistoryEvent& event : decision.history) change.events.push_back({0, run.id, run.workflow_id, std::move(event)});
  for (EngineLogLine& line : decision.log) {
    change.logs.push_back({0, run.id, now_us, line.step, line.try_number, std::move(line.level), "engine", std::move(line.text)});
  }
}

void AddNewRun(const Run& run, Change& change) {
  Run& row = change.new_runs.emplace_back();
  row.identity = run.identity;
  row.progress = run.progress;
  row.context = run.context;
  const auto is_context = [&](const DocumentRow& document) {
    return document.document.kind == Document::Kind::kContext && document.run_id == run.identity.id;
  };
  if (std::none_of(change.documents.begin(), change.documents.end(), is_context)) {
    change.documents.push_back({run.identity.id, {Document::Kind::kContext, -1, -1, PrintJson(*run.context)}});
  }
}

}  // namespace orc
