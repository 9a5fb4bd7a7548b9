// How a run comes into memory, and what happens while the store does not answer.
#include <algorithm>

#include "base/log.h"
#include "engine/run_loop.h"

namespace orc {
namespace {

constexpr int64_t kFirstBackoffUs = 100'000;
constexpr int64_t kLongestBackoffUs = 5'000'000;

bool IsUnderWay(RunStatus status) {
  return status == RunStatus::kPending || status == RunStatus::kRunning || status == RunStatus::kCanceling || status == RunStatus::kPaused;
}

bool IsHostLost(const QueuedEvent& queued) { return std::holds_alternative<HostLost>(queued.event); }

}  // namespace

void RunLoop::Load(RunSlot& slot) {
  Result<Run> run = parts_.store.GetRun(slot.id);
  if (!run.ok()) return OnLoadFailed(slot, run.error());
  auto definition = parts_.definitions.Get(run->identity.workflow_id, run->identity.workflow_version);
  if (!definition.ok()) {
    Error error = definition.error();
    if (error.code != ErrorCode::kUnavailable) {
      error = {ErrorCode::kInternal, "the definition of run \"" + slot.id + "\" cannot be read: " + error.message};
      LogError("run cannot go on", {{"run", slot.id}, {"error", error.message}});
      slot.ended = error;
      return;
    }
    return OnLoadFailed(slot, error);
  }
  slot.run = *std::move(run);
  slot.definition = *std::move(definition);
  BuildIndex(*slot.definition, slot.run);
  OnLoaded(slot);
}

void RunLoop::OnLoadFailed(RunSlot& slot, const Error& error) {
  if (error.code == ErrorCode::kNotFound) {
    slot.ended = error;
    return;
  }
  if (error.code != ErrorCode::kUnavailable) {  // asking again would end the same way
    slot.ended = Error{ErrorCode::kInternal, "run \"" + slot.id + "\" cannot be read: " + error.message};
    LogError("run cannot go on", {{"run", slot.id}, {"error", error.message}});
    return;
  }
  BackOff(slot, error);
}

void RunLoop::OnLoaded(RunSlot& slot) {
  slot.loaded = true;
  slot.is_new = false;
  slot.wall_ahead_us = parts_.WallAheadUs();
  cache_.Forget(slot.generation);
  slot.generation = ++last_generation_;
  Arm(slot);
  SyncPlace(slot);
  slot.took_place = false;
  if (slot.batch) {
    CommitBatch batch = *std::move(slot.batch);
    slot.batch.reset();
    if (slot.run.progress.revision == batch.target_revision) {
      CarryOut(slot, batch);  // the commit failed in its answer only: it is on the disk
    } else {
      slot.queue.insert(slot.queue.begin(), std::make_move_iterator(batch.events.begin()), std::make_move_iterator(batch.events.end()));
    }
  }
  if (slot.attached) return;
  slot.attached = true;
  // Runs whose attempts are alive in this process never leave memory: whatever comes from the disk as under way has lost its host.
  const bool known = std::any_of(slot.queue.begin(), slot.queue.end(), IsHostLost);
  if (IsUnderWay(slot.run.progress.status) && !known) slot.queue.insert(slot.queue.begin(), QueuedEvent{HostLost{}, {}});
}

void RunLoop::BackOff(RunSlot& slot, const Error& error) {
  slot.loaded = false;
  for (QueuedEvent& queued : slot.queue) {
    if (queued.done) queued.done(Error{ErrorCode::kUnavailable, error.message});
  }
  std::erase_if(slot.queue, [](const QueuedEvent& queued) { return static_cast<bool>(queued.done); });
  if (!slot.attached && !slot.batch && slot.queue.empty()) return;  // nobody needs it any more
  const int64_t wait_us = std::min(kFirstBackoffUs << std::min(slot.failures, 10), kLongestBackoffUs);
  // One line a second: a full disk fails every run.
  const int64_t now_us = parts_.clock.SteadyUs();
  if (slot.failures++ == 0 && now_us >= next_outage_line_us_) {
    next_outage_line_us_ = now_us + 1'000'000;
    LogWarn("the store does not take a run's state; it is tried again",
            {{"run", slot.id}, {"error", error.message}, {"wait_ms", wait_us / 1000}});
  }
  slot.backing_off = true;
  backoffs_.emplace(parts_.clock.SteadyUs() + wait_us, slot.id);
}

}  // namespace orc
