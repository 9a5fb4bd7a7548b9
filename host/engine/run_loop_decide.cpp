// Deciding what is queued for a run, and handing it to the committer.
#include "base/log.h"
#include "engine/change_of_run.h"
#include "engine/run_loop.h"
#include "engine/slot_outputs.h"
#include "engine/turn.h"

namespace orc {
namespace {

/// A client is told when its event came to nothing, and may repeat it; what the engine itself found out must not be lost.
bool IsFromClient(const QueuedEvent& queued) {
  return !queued.mail && std::visit(
                             [](const auto& event) {
                               using E = std::decay_t<decltype(event)>;
                               return std::is_same_v<E, GateDecided> || std::is_same_v<E, SignalSent> ||
                                      std::is_same_v<E, PauseRequested> || std::is_same_v<E, ResumeRequested> ||
                                      std::is_same_v<E, CancelRequested> || std::is_same_v<E, RetryRequested>;
                             },
                             queued.event);
}

}  // namespace

void RunLoop::DecideQueue(RunSlot& slot) {
  std::vector<QueuedEvent> queue = std::exchange(slot.queue, {});
  const int64_t now_us = parts_.clock.NowUs();
  slot.decided_us = parts_.clock.SteadyUs();
  const int64_t wall_ahead_us = now_us - slot.decided_us;
  const RunProgress before = slot.run.progress;
  CommitBatch batch;
  Change change;
  const SlotOutputs outputs(slot, change, cache_, parts_.store);
  if (const auto failure = DecideAll(slot, queue, outputs, now_us, batch, change)) {
    // Nothing of this is written: it is decided anew once the store can be read.
    GiveAnswers(slot, batch, &*failure);
    std::erase_if(queue, [](const QueuedEvent& queued) { return IsFromClient(queued) && !queued.done; });
    slot.queue = std::move(queue);
    return BackOff(slot, *failure);
  }
  if (!batch.answers.empty()) batch.snapshot = std::make_shared<const Run>(slot.run);
  const RunProgress& progress = slot.run.progress;
  if (progress.revision == before.revision) {
    slot.failures = 0;
    // A timer that went off for nothing: the wall clock was set back, and the instant is still to come.
    slot.wall_ahead_us = wall_ahead_us;
    Arm(slot);
    Drop(std::move(change.read_mail));
    return GiveAnswers(slot, batch, nullptr);
  }
  if (progress.wake_us != before.wake_us) slot.wall_ahead_us = wall_ahead_us;
  batch.target_revision = progress.revision;
  const bool stays_in_place = progress.status == before.status && progress.wake_us == before.wake_us;
  change.run_updates.push_back({slot.id, before.revision, progress, stays_in_place});
  std::erase_if(queue, IsFromClient);
  batch.events = std::move(queue);
  slot.batch = std::move(batch);
  SubmitBatch(slot, std::move(change));
}

std::optional<Error> RunLoop::DecideAll(RunSlot& slot, std::vector<QueuedEvent>& queue, const SlotOutputs& outputs, int64_t now_us,
                                        CommitBatch& batch, Change& change) {
  try {
    for (QueuedEvent& queued : queue) {
      if (auto failure = DecideOne(slot, queued, outputs, now_us, batch, change)) return failure;
    }
    return std::nullopt;
  } catch (const std::exception& e) {  // short of memory, or a fault of ours: the other runs must not pay for it
    LogError("a run could not be decided", {{"run", slot.id}, {"error", e.what()}});
    return Error{ErrorCode::kUnavailable, "the run could not be decided: " + std::string(e.what())};
  }
}

std::optional<Error> RunLoop::DecideOne(RunSlot& slot, QueuedEvent& queued, const SlotOutputs& outputs, int64_t now_us, CommitBatch& batch,
                                        Change& change) {
  std::vector<std::string> to_cancel;
  const Result<bool> goes_on = Complete(slot, queued, batch, to_cancel);
  if (!goes_on.ok()) return goes_on.error();
  if (queued.mail) change.read_mail.push_back(*queued.mail);
  if (!*goes_on) return std::nullopt;
  Turn turn(*slot.definition, slot.run, {parts_.store, parts_.definitions, outputs, now_us, change, batch});
  Result<Turn::Taken> taken = turn.Take(queued.event, [&](const Decision& decision) { RememberOutputs(slot, decision); });
  if (!taken.ok()) return outputs.failure() ? *outputs.failure() : taken.error();
  if (taken->changed) {
    turn.CancelOthers(to_cancel);
    if (queued.remembered && !taken->refused) change.idempotency.push_back(*std::move(queued.remembered));
  } else if (std::exchange(slot.took_place, false)) {
    WithdrawPlace(slot);
  }
  if (queued.done) batch.answers.push_back({std::exchange(queued.done, {}), std::move(taken->refused)});
  return std::nullopt;
}

void RunLoop::RememberOutputs(const RunSlot& slot, const Decision& decision) {
  const auto& steps = slot.definition->steps;
  for (const Document& document : decision.documents) {
    const bool is_output = document.kind == Document::Kind::kOutput || document.kind == Document::Kind::kResponseHeaders;
    if (!is_output || document.step < 0) continue;
    // The next step is the likeliest reader; any other finds it in the store.
    const auto step = static_cast<size_t>(document.step);
    const bool wanted = step + 1 < steps.size() && (slot.definition->is_graph || steps[step + 1].input_template.has_expressions());
    if (wanted && document.item < 0)
      cache_.Put({slot.generation, document.kind, static_cast<uint32_t>(document.step), document.item}, document.text);
  }
}

void RunLoop::SubmitBatch(RunSlot& slot, Change change) {
  FlushLogs();  // what an action wrote comes before the commit that ends it: a reader that saw the end has seen the lines
  slot.committing = true;
  ++committing_;
  auto on_done = [inbox = inbox_, &slot](const Result<void>& result) { inbox->Post(CommitEnded{&slot, result, false}); };
  // With nothing else to decide, the loop may as well write itself.
  const bool is_alone = pumping_ == 0 && dirty_.empty() && inbox_->Size() == 0;
  const auto writer = is_alone ? Committer::Writer::kCallerIfIdle : Committer::Writer::kCommitter;
  Result<void> taken = parts_.committer.Submit(std::move(change), Committer::Urgency::kUnderWay, std::move(on_done), writer);
  if (!taken.ok()) inbox_->Post(CommitEnded{&slot, std::move(taken), true});
}

void RunLoop::FlushLogs() {
  LogBuffer::Rows rows = logs_.Take();
  if (!rows) return;
  Change change;
  change.logs = *rows;
  ++committing_;
  auto on_done = [inbox = inbox_, rows](const Result<void>& result) { inbox->Post(LogsEnded{rows, result}); };
  Result<void> taken = parts_.committer.Submit(std::move(change), Committer::Urgency::kUnderWay, std::move(on_done));
  if (!taken.ok()) inbox_->Post(LogsEnded{rows, std::move(taken)});
}

}  // namespace orc
