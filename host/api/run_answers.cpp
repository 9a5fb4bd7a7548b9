#include "api/run_answers.h"

#include "api/problem.h"
#include "api/render_run.h"

namespace orc {

Answer ShowRun(const Context& context, const std::string& run_id, const RunAnswer& shape) {
  Result<RunView> view = LoadRunView(context.parts.store, context.parts.definitions, run_id, context.options.inline_output_bytes);
  if (!view.ok() && view.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound, "there is no run \"" + run_id + "\""};
  }
  if (!view.ok()) return std::move(view).error();
  Response response = JsonResponse(shape.status, RenderRun(*view, shape.warnings));
  if (shape.with_location) response.headers.emplace_back("Location", "/v1/runs/" + run_id);
  if (shape.is_replay) response.headers.emplace_back(kReplayHeader, "true");
  return response;
}

Answer ShowRunAtItsEnd(const Call& call, const std::string& run_id, int64_t wait_us, const RunAnswer& shape) {
  // First listen, then look: an end between the two is then heard.
  const auto wait = RunWait::Begin(call.context, call.completion, run_id, shape, /*exists=*/true);
  const Result<RunProgress> progress = call.parts().store.GetRunProgress(run_id);
  if (progress.ok() && !IsTerminal(progress->status)) return wait->Park(wait_us);
  wait->Cancel();
  return ShowRun(*call.context, run_id, shape);
}

void SendRunLater(const ContextPtr& context, CompletionPtr completion, std::string run_id, RunAnswer shape) {
  if (shape.claim) shape.claim->Release();
  context->workers.SubmitFollowUp([context, completion = std::move(completion), run_id = std::move(run_id), shape = std::move(shape)] {
    if (completion->is_answered()) return;
    const Answer answer = ShowRun(*context, run_id, shape);
    if (const auto* response = std::get_if<Response>(&answer)) {
      completion->Send(*response);
    } else {
      completion->Fail(std::get<Error>(answer));
    }
  });
}

std::shared_ptr<RunWait> RunWait::Begin(const ContextPtr& context, CompletionPtr completion, std::string run_id, RunAnswer shape,
                                        bool exists) {
  std::shared_ptr<RunWait> wait(new RunWait(context, std::move(completion), std::move(run_id), std::move(shape), exists));
  wait->waiter_ = context->waits.Add(wait->run_id_, [wait] { wait->Send(); });
  return wait;
}

RunWait::RunWait(ContextPtr context, CompletionPtr completion, std::string run_id, RunAnswer shape, bool exists)
    : context_(std::move(context)),
      completion_(std::move(completion)),
      run_id_(std::move(run_id)),
      shape_(std::move(shape)),
      exists_(exists) {}

Pending RunWait::Park(int64_t wait_us) {
  return {context_->parts.clock.SteadyUs() + wait_us, [self = shared_from_this()] { self->OnEnd(); }};
}

void RunWait::Created(bool is_terminal) {
  // The first answer is on the disk: who repeats the request need not wait for this one's end.
  if (shape_.claim) shape_.claim->Release();
  exists_ = true;
  // Either this sees that the time was up before, or OnEnd sees that the run is there.
  if (is_terminal || has_ended_) {
    Cancel();
    Send();
  }
}

void RunWait::Failed(const Error& error) {
  Cancel();
  if (shape_.claim) shape_.claim->Release();
  completion_->Fail(error);
}

void RunWait::Cancel() { context_->waits.Remove(run_id_, waiter_); }

void RunWait::OnEnd() {
  Cancel();
  has_ended_ = true;
  if (exists_) Send();
}

void RunWait::Send() { SendRunLater(context_, completion_, run_id_, shape_); }

}  // namespace orc
