#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/run_answers.h"
#include "workflow/limits.h"

namespace orc {
namespace {

constexpr const char* kActor = "local";

/// Hands `event` to the engine and answers with the run once it is on the disk. A request that is repeated under its Idempotency-Key
/// decides nothing, and is answered with the run as it is now.
Answer Decide(const Call& call, Event event, RunAnswer shape) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  shape.is_replay = verdict.replay.has_value();
  if (shape.is_replay) return ShowRun(*call.context, id, shape);
  shape.claim = std::move(verdict.claim);
  std::optional<IdempotencyRow> remembered;
  if (shape.claim) remembered = shape.claim->RowFor(JsonResponse(shape.status, ""), call.parts().clock.NowUs());
  call.parts().engine.Submit(id, std::move(event), std::move(remembered),
                             [context = call.context, completion = call.completion, id, shape](const Result<RunSnapshot>& outcome) {
                               if (outcome.ok()) return SendRunLater(context, completion, id, shape);
                               if (outcome.error().code != ErrorCode::kNotFound) return completion->Fail(outcome.error());
                               completion->Fail({ErrorCode::kNotFound, "there is no run \"" + id + "\""});
                             });
  return Pending{};
}

Answer DecideGate(Call& call, bool approved) {
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  BodyFields fields(body, {"step_id", "comment", "input"});
  GateDecided event;
  event.step_id = fields.Text("step_id");
  event.decision.approved = approved;
  event.actor = {.name = kActor, .roles = {"admin"}, .is_authenticated = false};
  event.decision.comment = fields.Text("comment");
  event.decision.input = fields.AnyText("input");
  ORC_RETURN_IF_ERROR(fields.Verdict());
  return Decide(call, std::move(event), {200, false, fields.warnings()});
}

}  // namespace

Answer ApproveRun(Call& call) { return DecideGate(call, true); }

Answer RejectRun(Call& call) { return DecideGate(call, false); }

Answer CancelRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const bool force, ReadFlag(call.query, "force"));
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  const BodyFields fields(body, {});
  return Decide(call, CancelRequested{force, kActor}, {202, false, fields.warnings()});
}

Answer RetryRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  BodyFields fields(body, {"from_step"});
  RetryRequested event{kActor, fields.Text("from_step")};
  ORC_RETURN_IF_ERROR(fields.Verdict());
  return Decide(call, std::move(event), {202, false, fields.warnings()});
}

Answer PauseRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  return Decide(call, PauseRequested{kActor}, {202, false, BodyFields(body, {}).warnings()});
}

Answer ResumeRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  return Decide(call, ResumeRequested{kActor}, {202, false, BodyFields(body, {}).warnings()});
}

/// The body, whatever JSON object it is, is the payload.
Answer SignalRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Json body, ReadOptionalJsonBody(call.request()));
  const std::string& name = call.params[1];
  if (name.empty() || name.size() > kMaxSignalName) {
    return Error{ErrorCode::kInvalid,
                 "the name of a signal has 1 to " + std::to_string(kMaxSignalName) + " bytes, found " + std::to_string(name.size())};
  }
  return Decide(call, SignalSent{name, PrintJson(body), kActor}, {202, false, {}});
}

}  // namespace orc
