#include "engine/run_loop.h"

#include <algorithm>

#include "base/log.h"
#include "base/thread_name.h"

namespace orc {
namespace {

// The clock of a wait stands still while the machine is suspended, the steady one of the timers does not.
constexpr int64_t kLongestWaitUs = 1'000'000;
constexpr int64_t kSoonUs = 1'000'000;  // a run that wakes within this is not worth loading again
// A large run that hears of its sub-workflows one after the other would be read as often.
constexpr size_t kManySteps = 256;
constexpr int64_t kLingerUs = 1'000'000;

}  // namespace

RunLoop::RunLoop(EngineParts& parts)
    : parts_(parts), inbox_(std::make_shared<Inbox>()), cache_(parts.options.output_cache_bytes), logs_(parts.clock) {}

RunLoop::~RunLoop() { Stop(); }

void RunLoop::Start() {
  thread_ = std::thread([this] {
    NameThisThread("orc-loop");
    Work();
  });
}

void RunLoop::Stop() {
  const Error stopping{ErrorCode::kUnavailable, "the server is stopping"};
  for (LoopMail& mail : inbox_->Close()) {
    if (auto* made = std::get_if<RunMade>(&mail)) GiveAnswers(*made->slot, *made->slot->batch, &stopping);
    if (auto* event = std::get_if<ClientEvent>(&mail)) event->done(stopping);
  }
  if (thread_.joinable()) thread_.join();
  if (logs_.waiting() > 0) LogWarn("lines of run logs are lost: the store did not take them to the last", {{"lines", logs_.waiting()}});
  for (auto& [id, slot] : slots_) {
    if (slot->batch) GiveAnswers(*slot, *slot->batch, &stopping);
    for (QueuedEvent& queued : slot->queue) {
      if (queued.done) queued.done(stopping);
    }
  }
  parts_.CountRuns(-static_cast<ptrdiff_t>(slots_.size()));
  slots_.clear();
}

void RunLoop::Work() {
  std::vector<LoopMail> mails;
  while (inbox_->Take(mails, WaitUs())) {
    for (LoopMail& mail : mails) {
      std::visit([this](auto& what) { On(what); }, mail);
    }
    mails.clear();
    FireTimers();
    FireBackoffs();
    FireLingers();
    PumpDirty();
    if (logs_.IsReady()) FlushLogs();
    timer_count_.store(timers_.size(), std::memory_order_relaxed);
  }
  // Closed: what was taken with the last breath still owes answers.
  for (LoopMail& mail : mails) {
    if (auto* made = std::get_if<RunMade>(&mail)) On(*made);
    if (auto* event = std::get_if<ClientEvent>(&mail)) On(*event);
  }
}

int64_t RunLoop::WaitUs() const {
  int64_t wake_us = 0;
  const auto wake_at = [&wake_us](int64_t us) { wake_us = wake_us == 0 ? us : std::min(wake_us, us); };
  if (timers_.size() > 0 && !parts_.draining) wake_at(timers_.NextUs());
  if (!backoffs_.empty()) wake_at(backoffs_.begin()->first);
  if (!lingers_.empty()) wake_at(lingers_.begin()->first);
  if (logs_.RetryUs() != 0) wake_at(logs_.RetryUs());
  return wake_us == 0 ? -1 : std::clamp<int64_t>(wake_us - parts_.clock.SteadyUs(), 0, kLongestWaitUs);
}

void RunLoop::On(RunMade& mail) {
  RunSlot& slot = *mail.slot;
  slot.generation = ++last_generation_;
  ++committing_;
  parts_.CountRuns(1);
  const auto [at, is_new] = slots_.try_emplace(slot.id, nullptr);
  (is_new ? at->second : strays_.emplace_back()) = std::move(mail.slot);
}

void RunLoop::On(ClientEvent& mail) {
  RunSlot& slot = Obtain(mail.run_id);
  if (slot.backing_off) {
    mail.done(Error{ErrorCode::kUnavailable, "the store does not answer; try again in a moment"});
    return;
  }
  slot.queue.push_back({std::move(mail.event), std::move(mail.done), std::move(mail.remembered)});
  MarkDirty(slot);
}

void RunLoop::On(EngineEvent& mail) {
  RunSlot& slot = Obtain(mail.run_id);
  slot.queue.push_back({std::move(mail.event), {}, std::nullopt, std::move(mail.mail)});
  MarkDirty(slot);
}

void RunLoop::On(AttemptFinished& mail) {
  RunSlot& slot = Obtain(mail.key.run_id);
  slot.queue.push_back({std::move(mail), {}});
  MarkDirty(slot);
}

void RunLoop::On(CommitEnded& mail) {
  --committing_;
  const auto stray = std::find_if(strays_.begin(), strays_.end(), [&](const auto& slot) { return slot.get() == mail.slot; });
  if (stray != strays_.end()) {
    const Error taken{ErrorCode::kConflict, "a run \"" + mail.slot->id + "\" exists already"};
    GiveAnswers(*mail.slot, *mail.slot->batch, &taken);
    strays_.erase(stray);
    parts_.CountRuns(-1);
    return;
  }
  RunSlot& slot = *mail.slot;
  slot.committing = false;
  mail.result.ok() ? OnCommitted(slot) : OnCommitFailed(slot, mail);
  MarkDirty(slot);
}

void RunLoop::On(RunsFound& mail) {
  for (const std::string& run_id : mail.run_ids) {
    // One that is here was begun or taken up by this process: its attempts are alive.
    if (slots_.contains(run_id)) continue;
    RunSlot& slot = Obtain(run_id);
    slot.queue.push_back({HostLost{}, {}});
    ++parts_.taken_up;
    MarkDirty(slot);
  }
}

void RunLoop::On(TimersFound& mail) {
  for (const auto& [wake_us, run_id] : mail.timers) {
    // What is in memory sets its own timer, and knows better than a row read a moment ago.
    if (!slots_.contains(run_id)) timers_.SetIfAbsent(run_id, wake_us, wake_us - parts_.WallAheadUs());
  }
}

void RunLoop::On(LogRow& mail) { logs_.Add(std::move(mail)); }

void RunLoop::On(LogsEnded& mail) {
  logs_.Ended(mail.rows, mail.result);
  --committing_;
}

void RunLoop::FireTimers() {
  if (parts_.draining || timers_.size() == 0) return;
  for (const RunTimers::Due& due : timers_.TakeDue(parts_.clock.SteadyUs())) {
    RunSlot& slot = Obtain(due.run_id);
    slot.queue.push_back({TimerDue{due.wake_us}, {}});
    MarkDirty(slot);
  }
}

void RunLoop::FireBackoffs() {
  while (!backoffs_.empty() && backoffs_.begin()->first <= parts_.clock.SteadyUs()) {
    const std::string run_id = std::move(backoffs_.begin()->second);
    backoffs_.erase(backoffs_.begin());
    RunSlot& slot = Obtain(run_id);
    slot.backing_off = false;
    MarkDirty(slot);
  }
}

void RunLoop::FireLingers() {
  while (!lingers_.empty() && lingers_.begin()->first <= parts_.clock.SteadyUs()) {
    const auto slot = slots_.find(lingers_.begin()->second);
    lingers_.erase(lingers_.begin());
    if (slot == slots_.end()) continue;
    slot->second->lingers = false;
    MarkDirty(*slot->second);
  }
}

RunSlot& RunLoop::Obtain(const std::string& run_id) {
  const auto [at, is_new] = slots_.try_emplace(run_id, nullptr);
  if (is_new) {
    at->second = std::make_unique<RunSlot>();
    at->second->id = run_id;
    parts_.CountRuns(1);
  }
  return *at->second;
}

void RunLoop::MarkDirty(RunSlot& slot) {
  if (slot.dirty) return;
  slot.dirty = true;
  dirty_.push_back(&slot);
}

void RunLoop::PumpDirty() {
  while (!dirty_.empty()) {
    const std::vector<RunSlot*> slots = std::exchange(dirty_, {});
    pumping_ = slots.size();
    for (RunSlot* slot : slots) {
      --pumping_;
      slot->dirty = false;
      Pump(*slot);
    }
  }
}

void RunLoop::Pump(RunSlot& slot) {
  if (slot.committing || slot.backing_off) return;
  // One whose attempts run here is read again even with nothing to decide: leaving it would orphan them.
  const bool wanted = slot.attached || slot.batch || !slot.queue.empty();
  if (!slot.loaded && !slot.ended && wanted) Load(slot);
  if (slot.loaded && !slot.queue.empty()) DecideQueue(slot);
  if (!slot.dirty && CanLeave(slot) && !Lingers(slot)) Leave(slot);
}

bool RunLoop::Lingers(RunSlot& slot) {
  const bool is_worth_it =
      slot.loaded && !slot.ended && !IsTerminal(slot.run.progress.status) && slot.run.steps.size() >= kManySteps && !parts_.draining;
  const int64_t until_us = slot.decided_us + kLingerUs;
  if (!is_worth_it || parts_.clock.SteadyUs() >= until_us) return false;
  if (!std::exchange(slot.lingers, true)) lingers_.emplace(until_us, slot.id);
  return true;
}

bool RunLoop::CanLeave(const RunSlot& slot) const {
  if (slot.ended) return true;
  if (slot.committing || slot.backing_off || slot.batch || !slot.queue.empty()) return false;
  const RunProgress& run = slot.run.progress;
  if (!slot.loaded || IsTerminal(run.status)) return true;
  const bool is_under_way = run.status == RunStatus::kRunning || run.status == RunStatus::kCanceling || run.status == RunStatus::kPending;
  // A paused run's attempts finish.
  if (is_under_way || slot.run.index.counts[static_cast<size_t>(StepStatus::kRunning)] > 0) return false;
  return run.wake_us == 0 || run.wake_us > parts_.clock.NowUs() + kSoonUs;
}

void RunLoop::Leave(RunSlot& slot) {
  if (slot.is_new || slot.took_place) WithdrawPlace(slot);
  std::vector<RunMail> unread;  // there is nobody to read it
  for (QueuedEvent& queued : slot.queue) {
    if (queued.done) queued.done(*slot.ended);
    if (queued.mail) unread.push_back(*std::move(queued.mail));
  }
  if (!unread.empty()) Drop(std::move(unread));
  cache_.Forget(slot.generation);
  parts_.CountRuns(-1);
  slots_.erase(std::string(slot.id));
}

void RunLoop::Arm(const RunSlot& slot) {
  const int64_t wake_us = slot.run.progress.wake_us;
  const int64_t steady_us = wake_us - slot.wall_ahead_us;
  if (wake_us != 0 && steady_us <= parts_.clock.SteadyUs() + kTimerHorizonUs) {
    timers_.Set(slot.id, wake_us, steady_us);
  } else {
    timers_.Clear(slot.id);
  }
}

}  // namespace orc
