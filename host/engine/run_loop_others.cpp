// What runs have to do with each other: sub-workflows, and those that share a limit.
#include "engine/run_loop.h"

namespace orc {
namespace {

AttemptFinished FailedChild(const std::string& run_id, const RunProgress& child) {
  AttemptFinished result;
  result.outcome = AttemptFinished::Outcome::kFailed;
  const std::string status(ToText(child.status));
  const std::string code = child.status == RunStatus::kCanceled ? "cancelled" : child.error_code;
  const std::string why = child.error.empty() ? "" : ": " + child.error;
  result.error = {code, "the run " + run_id + " ended " + status + why, false,
                  PrintJson(JsonObject{{"run_id", run_id}, {"status", status}})};
  return result;
}

}  // namespace

Result<bool> RunLoop::Complete(RunSlot& slot, QueuedEvent& queued, CommitBatch& batch, std::vector<std::string>& to_cancel) {
  if (queued.mail && queued.mail->kind == RunMail::Kind::kEnded) return ReadChildEnd(*queued.mail, std::get<ChildEnded>(queued.event));
  if (std::holds_alternative<HostLost>(queued.event)) BeginPending(slot, queued.event, to_cancel);
  auto* retry = std::get_if<RetryRequested>(&queued.event);
  return retry == nullptr || TakePlaceAgain(slot, *retry, queued, batch, to_cancel);
}

/// The output is read here, not sent along: it may have megabytes.
Result<bool> RunLoop::ReadChildEnd(const RunMail& mail, ChildEnded& ended) {
  const Result<RunProgress> child = parts_.store.GetRunProgress(mail.from);
  if (!child.ok() && child.error().code != ErrorCode::kNotFound) return child.error();
  if (!child.ok()) {
    ended.result = FailedChild(mail.from, {.status = RunStatus::kFailed, .error = "it was deleted", .error_code = "plugin_error"});
    return true;
  }
  if (!IsTerminal(child->status)) return false;  // tried again meanwhile: it will tell of its end once more
  if (child->status != RunStatus::kSucceeded) {
    ended.result = FailedChild(mail.from, *child);
    return true;
  }
  ORC_ASSIGN_OR_RETURN(std::optional<std::string> output, parts_.store.GetDocument(mail.from, Document::Kind::kOutput, -1, -1));
  ended.result = {};
  ended.result.output = output ? *std::move(output) : "null";
  return true;
}

/// One that another run made, or whose host was lost before it began.
void RunLoop::BeginPending(RunSlot& slot, Event& event, std::vector<std::string>& to_cancel) {
  if (slot.run.progress.status != RunStatus::kPending) return;
  event = RunBegun{};
  const RunIdentity& identity = slot.run.identity;
  if (identity.limit_key.empty()) return;
  RunLimits::Answer answer = parts_.limits.Enter(identity.limit_key, identity.id, slot.definition->limit);
  to_cancel = std::move(answer.to_cancel);
  if (answer.place == RunLimits::Place::kQueue) event = RunQueued{};
  if (answer.place == RunLimits::Place::kNone) event = RunTurnedAway{"limit_reached", LimitReached(slot.definition->limit)};
}

/// One that is over has given its place back. False: it is refused, and answered.
bool RunLoop::TakePlaceAgain(RunSlot& slot, RetryRequested& event, QueuedEvent& queued, CommitBatch& batch,
                             std::vector<std::string>& to_cancel) {
  const RunIdentity& identity = slot.run.identity;
  const RunStatus status = slot.run.progress.status;
  if (identity.limit_key.empty() || (status != RunStatus::kFailed && status != RunStatus::kTimedOut)) return true;
  RunLimits::Answer answer = parts_.limits.Enter(identity.limit_key, identity.id, slot.definition->limit);
  if (answer.place == RunLimits::Place::kNone) {
    Error refused{ErrorCode::kConflict, LimitReached(slot.definition->limit)};
    if (queued.done) batch.answers.push_back({std::exchange(queued.done, {}), std::move(refused)});
    return false;
  }
  slot.took_place = true;
  event.must_wait = answer.place == RunLimits::Place::kQueue;
  to_cancel = std::move(answer.to_cancel);
  return true;
}

/// What the disk says counts.
void RunLoop::SyncPlace(const RunSlot& slot) {
  const RunIdentity& identity = slot.run.identity;
  const RunProgress& run = slot.run.progress;
  if (identity.limit_key.empty() || run.status == RunStatus::kPending) return;
  if (IsTerminal(run.status)) return GivePlaceBack(slot);
  parts_.limits.Restore(identity.limit_key, identity.id, slot.definition->limit, run.queued);
}

void RunLoop::GivePlaceBack(const RunSlot& slot) {
  const RunIdentity& identity = slot.run.identity;
  if (identity.limit_key.empty()) return;
  for (const std::string& run_id : parts_.limits.Leave(identity.limit_key, identity.id)) parts_.post.Deliver(run_id, RunBegun{});
}

void RunLoop::WithdrawPlace(const RunSlot& slot) {
  const RunIdentity& identity = slot.run.identity;
  if (identity.limit_key.empty()) return;
  for (const std::string& run_id : parts_.limits.Withdraw(identity.limit_key, identity.id)) parts_.post.Deliver(run_id, RunBegun{});
}

/// Should that fail it comes again with the next start, and comes to nothing again.
void RunLoop::Drop(std::vector<RunMail> mail) {
  if (mail.empty()) return;
  Change change;
  change.read_mail = std::move(mail);
  (void)parts_.committer.Submit(std::move(change), Committer::Urgency::kUnderWay, [](const Result<void>&) {});
}

}  // namespace orc
