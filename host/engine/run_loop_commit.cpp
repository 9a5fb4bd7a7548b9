// What follows a commit: commands and answers, or another attempt at it.
#include "base/log.h"
#include "engine/run_loop.h"

namespace orc {
namespace {

/// An event of the same batch may have ended the try that an earlier one began.
bool IsStillWanted(const Run& run, const AttemptKey& key) {
  const StepState* state = run.FindStep(key.step_key());
  return key.run_attempt == run.progress.attempt && state != nullptr && state->status == StepStatus::kRunning &&
         state->round == key.round && state->tries == key.try_number && !IsTerminal(run.progress.status);
}

}  // namespace

void RunLoop::OnCommitted(RunSlot& slot) {
  slot.is_new = false;
  slot.spoiled = false;
  slot.failures = 0;
  CommitBatch batch = *std::move(slot.batch);
  slot.batch.reset();
  CarryOut(slot, batch);
  GiveAnswers(slot, batch, nullptr);
  slot.took_place = false;
  const RunProgress& progress = slot.run.progress;
  if (IsTerminal(progress.status)) GivePlaceBack(slot);
  if (IsTerminal(progress.status)) LogDebug("a run ended", {{"run", slot.id}, {"status", std::string(ToText(progress.status))}});
  Arm(slot);
}

void RunLoop::OnCommitFailed(RunSlot& slot, const CommitEnded& mail) {
  const Error& error = mail.result.error();
  if (!slot.is_new && error.code == ErrorCode::kNotFound) {  // deleted meanwhile: only what has ended can be
    GiveAnswers(slot, *slot.batch, &error);
    slot.batch.reset();
    slot.ended = error;
    return;
  }
  const bool is_outage = error.code == ErrorCode::kUnavailable;
  // An existing run's data fault is not the waiting client's: it may try again.
  const Error answer{slot.is_new || is_outage ? error.code : ErrorCode::kUnavailable, error.message};
  GiveAnswers(slot, *slot.batch, &answer);
  if (slot.is_new && (mail.refused || !is_outage)) {
    slot.ended = error;
    return;
  }
  if (!is_outage && error.code != ErrorCode::kConflict) SpoilResults(slot, error);
  BackOff(slot, error);
}

void RunLoop::SpoilResults(RunSlot& slot, const Error& error) {
  LogError("the store refused a run's data", {{"run", slot.id}, {"error", error.message}});
  if (slot.spoiled) {
    slot.batch->events.clear();  // even without the action's texts: deciding it a third time would end the same way
    return;
  }
  slot.spoiled = true;
  for (QueuedEvent& queued : slot.batch->events) {
    auto* finished = std::get_if<AttemptFinished>(&queued.event);
    if (finished == nullptr) continue;
    AttemptFinished failed;
    failed.key = finished->key;
    failed.outcome = AttemptFinished::Outcome::kFailed;
    failed.http_code = finished->http_code;
    failed.error = {"output_invalid", "the result could not be stored: " + error.message, false, ""};
    *finished = std::move(failed);
  }
}

void RunLoop::CarryOut(RunSlot& slot, CommitBatch& batch) {
  for (RunMail& mail : batch.mail) parts_.post.Deliver(std::move(mail));
  // While draining the disk shows them as PENDING, and the next start begins them.
  for (const std::string& run_id : batch.born) {
    if (!parts_.draining) parts_.post.Deliver(run_id, HostLost{});
  }
  for (Command& command : batch.commands) {
    if (command.kind == Command::Kind::kCancelAttempt) {
      parts_.runner.Cancel(command.key);
      continue;
    }
    // While draining nothing new begins: the disk shows the try as under way, and the next start sends it.
    if (parts_.draining || !IsStillWanted(slot.run, command.key)) continue;
    const StepDefinition& step = slot.definition->steps[command.key.step];
    AttemptOrder order;
    order.workflow_id = slot.run.identity.workflow_id;
    order.definition = slot.definition;
    order.input = std::move(command.input);
    order.idempotency_key = IdempotencyKeyOf(command.key, step.id, slot.run.FindStep(command.key.step_key())->own_key);
    order.timeout_ms = step.timeout_ms;
    order.key = std::move(command.key);
    ++parts_.attempts;
    parts_.runner.Start(std::move(order));
  }
}

void RunLoop::GiveAnswers(RunSlot& slot, CommitBatch& batch, const Error* instead) {
  for (PendingAnswer& answer : std::exchange(batch.answers, {})) {
    if (instead != nullptr) {
      answer.done(*instead);
    } else if (answer.refused) {
      answer.done(*std::move(answer.refused));
    } else {
      answer.done(RunSnapshot{batch.snapshot, slot.definition});
    }
  }
}

}  // namespace orc
