#include "app/template_pack.h"

#include <future>

#include "base/read_file.h"

namespace orc {

Result<std::vector<WorkflowTemplate>> ReadTemplatePack(const std::string& file) {
  ORC_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  auto document = ParseJson(text);
  auto pack = document.ok() ? ParseTemplatePack(*document) : Result<std::vector<WorkflowTemplate>>(document.error());
  if (pack.ok()) return pack;
  Error error = std::move(pack).error();
  error.message = file + ": " + error.message;
  for (const Problem& problem : error.problems) error.message += "; " + problem.pointer + ": " + problem.detail;
  return error;
}

Result<void> AddMissingTemplates(const std::vector<WorkflowTemplate>& pack, const Clock& clock, Store& store, Committer& committer) {
  Change change;
  const int64_t now_us = clock.NowUs();
  for (const WorkflowTemplate& one : pack) {
    const auto stored = store.GetTemplate(one.id);
    if (stored.ok()) continue;
    if (stored.error().code != ErrorCode::kNotFound) return stored.error();
    const auto at_us = now_us + static_cast<int64_t>(change.new_templates.size());  // lists go by time: keep the pack's order
    change.new_templates.push_back({one.id, one.name, one.description, PrintJson(one.document), at_us, at_us});
  }
  if (change.new_templates.empty()) return {};
  std::promise<Result<void>> committed;
  ORC_RETURN_IF_ERROR(
      committer.Submit(std::move(change), Committer::Urgency::kUnderWay, [&](const Result<void>& done) { committed.set_value(done); }));
  return committed.get_future().get();
}

}  // namespace orc
