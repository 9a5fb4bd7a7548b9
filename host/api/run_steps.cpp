#include <charconv>

#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_run.h"

namespace orc {
namespace {

Error NoSuchRun(const std::string& id) { return {ErrorCode::kNotFound, "there is no run \"" + id + "\""}; }

/// The cursor of this list is a position.
Result<uint32_t> ReadPosition(const std::string& cursor) {
  uint32_t first = 0;
  const char* end = cursor.data() + cursor.size();
  const auto [stop, error] = std::from_chars(cursor.data(), end, first);
  if (cursor.empty() || (error == std::errc() && stop == end)) return first;
  return Error{ErrorCode::kUnreadable, "query parameter \"cursor\" is not one that this list gave out"};
}

/// The items of a for_each.
Answer ListItems(const Call& call, const std::string& parent, uint32_t first, int limit) {
  const std::string& id = call.params[0];
  const ApiParts& parts = call.parts();
  const Result<Run> run = parts.store.GetRun(id);
  if (!run.ok()) return run.error().code == ErrorCode::kNotFound ? NoSuchRun(id) : run.error();
  ORC_ASSIGN_OR_RETURN(const auto definition, parts.definitions.Get(run->identity.workflow_id, run->identity.workflow_version));
  const int step = definition->FindStep(parent);
  if (step < 0) return Error{ErrorCode::kNotFound, "the run has no step \"" + parent + "\""};
  const StepState* loop = run->FindStep({static_cast<uint32_t>(step), -1});
  const int32_t total = loop != nullptr && loop->is_loop() ? loop->loop.total : 0;
  const int32_t last = static_cast<int32_t>(std::min<int64_t>(total, int64_t{first} + limit));
  ListWriter list;
  for (int32_t item = static_cast<int32_t>(first); item < last; ++item) {
    ORC_ASSIGN_OR_RETURN(const auto output, parts.store.GetDocument(id, Document::Kind::kOutput, step, item));
    const StepDefinition& of = definition->steps[static_cast<size_t>(step)];
    WriteItem(list.items(), *run, of, {static_cast<uint32_t>(step), item}, output ? std::string_view(*output) : "null");
  }
  return list.Finish(last < total ? std::to_string(last) : std::string());
}

}  // namespace

Answer ListSteps(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const uint32_t first, ReadPosition(page.cursor));
  const std::string& id = call.params[0];
  const ApiParts& parts = call.parts();
  if (const std::string* parent = call.query.Find("parent")) return ListItems(call, *parent, first, page.limit);
  Result<RunView> view = LoadRunView(parts.store, parts.definitions, id, call.context->options.inline_output_bytes);
  if (!view.ok()) return view.error().code == ErrorCode::kNotFound ? NoSuchRun(id) : view.error();
  const size_t count = view->definition->main_count;
  const size_t last = std::min<size_t>(count, static_cast<size_t>(first) + static_cast<size_t>(page.limit));
  ListWriter list;
  for (size_t step = first; step < last; ++step) WriteStep(list.items(), *view, static_cast<uint32_t>(step));
  return list.Finish(last < count ? std::to_string(last) : std::string());
}

Answer GetStepOutput(Call& call) {
  const std::string& id = call.params[0];
  const ApiParts& parts = call.parts();
  const Result<Run> run = parts.store.GetRun(id);
  if (!run.ok()) return run.error().code == ErrorCode::kNotFound ? NoSuchRun(id) : run.error();
  ORC_ASSIGN_OR_RETURN(const auto definition, parts.definitions.Get(run->identity.workflow_id, run->identity.workflow_version));
  const int step = definition->FindStep(call.params[1]);
  if (step < 0) return Error{ErrorCode::kNotFound, "the run has no step \"" + call.params[1] + "\""};
  const StepState* state = run->FindStep({static_cast<uint32_t>(step), -1});
  if (state != nullptr && state->is_loop() && state->status == StepStatus::kSucceeded) {
    ORC_ASSIGN_OR_RETURN(std::string list, ReadLoopOutput(parts.store, *run, *state));
    return JsonResponse(200, std::move(list));
  }
  ORC_ASSIGN_OR_RETURN(auto output, parts.store.GetDocument(id, Document::Kind::kOutput, step, -1));
  if (output) return JsonResponse(200, *std::move(output));
  return Error{ErrorCode::kNotFound, "the step \"" + call.params[1] + "\" has no output"};
}

}  // namespace orc
