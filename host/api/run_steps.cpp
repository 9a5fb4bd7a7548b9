#include <charconv>

#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_run.h"

namespace orc {
namespace {

Error NoSuchRun(const std::string& id) { return {ErrorCode::kNotFound, "there is no run \"" + id + "\""}; }

}  // namespace

Answer ListSteps(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  const std::string& id = call.params[0];
  const ApiParts& parts = call.parts();
  uint32_t first = 0;
  if (!page.cursor.empty()) {
    const char* end = page.cursor.data() + page.cursor.size();
    const auto [stop, error] = std::from_chars(page.cursor.data(), end, first);
    if (error != std::errc() || stop != end)
      return Error{ErrorCode::kUnreadable, "query parameter \"cursor\" is not one that this list gave out"};
  }
  Result<RunView> view = LoadRunView(parts.store, parts.definitions, id, call.context->options.inline_output_bytes);
  if (!view.ok()) return view.error().code == ErrorCode::kNotFound ? NoSuchRun(id) : view.error();
  const size_t count = view->definition->steps.size();
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
  ORC_ASSIGN_OR_RETURN(auto documents, parts.store.GetDocuments(id, Document::Kind::kOutput, step));
  for (Document& document : documents) {
    if (document.item < 0) return JsonResponse(200, std::move(document.text));
  }
  return Error{ErrorCode::kNotFound, "the step \"" + call.params[1] + "\" has no output"};
}

}  // namespace orc
