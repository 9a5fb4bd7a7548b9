// A decision loop: owns the runs of its shard, one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/engine_parts.h"
#include "engine/inbox.h"
#include "engine/log_buffer.h"
#include "engine/output_cache.h"
#include "engine/run_timers.h"

namespace orc {

class SlotOutputs;

/// Events come by the inbox; each run has at most one commit in flight, and what comes meanwhile is decided together after it.
class RunLoop {
 public:
  /// `parts` must outlive the loop. `number` makes its generations differ from other loops'.
  explicit RunLoop(EngineParts& parts);
  ~RunLoop();  // stops

  void Start();
  /// Ends the thread. Who still waits for an answer gets kUnavailable.
  void Stop();

  Inbox& inbox() { return *inbox_; }
  const std::shared_ptr<Inbox>& shared_inbox() const { return inbox_; }
  /// Nothing to do and nothing on its way to the disk. Any thread.
  bool IsIdle() const { return inbox_->IsIdle() && committing_.load() == 0; }
  size_t timers() const { return timer_count_.load(std::memory_order_relaxed); }

 private:
  void Work();
  int64_t WaitUs() const;

  void On(RunMade& mail);
  void On(ClientEvent& mail);
  void On(EngineEvent& mail);
  void On(AttemptFinished& mail);
  void On(CommitEnded& mail);
  void On(RunsFound& mail);
  void On(TimersFound& mail);
  void On(LogRow& mail);
  void On(LogsEnded& mail);
  void FireTimers();
  void FireBackoffs();
  void FireLingers();

  // Looking after a run.
  RunSlot& Obtain(const std::string& run_id);
  void MarkDirty(RunSlot& slot);
  void PumpDirty();
  void Pump(RunSlot& slot);
  bool CanLeave(const RunSlot& slot) const;
  bool Lingers(RunSlot& slot);
  void Leave(RunSlot& slot);
  void Arm(const RunSlot& slot);

  // From the disk.
  void Load(RunSlot& slot);
  void OnLoadFailed(RunSlot& slot, const Error& error);
  void OnLoaded(RunSlot& slot);

  // Deciding, and what comes of it.
  void DecideQueue(RunSlot& slot);
  /// The failure that made it stop: then `slot.run` is to be read again, and `queue` has all that was not answered.
  std::optional<Error> DecideAll(RunSlot& slot, std::vector<QueuedEvent>& queue, const SlotOutputs& outputs, int64_t now_us,
                                 CommitBatch& batch, Change& change);
  std::optional<Error> DecideOne(RunSlot& slot, QueuedEvent& queued, const SlotOutputs& outputs, int64_t now_us, CommitBatch& batch,
                                 Change& change);
  void RememberOutputs(const RunSlot& slot, const Decision& decision);
  void SubmitBatch(RunSlot& slot, Change change);
  void OnCommitted(RunSlot& slot);
  void OnCommitFailed(RunSlot& slot, const CommitEnded& mail);
  void CarryOut(RunSlot& slot, CommitBatch& batch);

  // Runs and each other: sub-workflows, and those that share a limit.
  /// Completes what only the loop knows of an event. False: it has come to nothing.
  Result<bool> Complete(RunSlot& slot, QueuedEvent& queued, CommitBatch& batch, std::vector<std::string>& to_cancel);
  Result<bool> ReadChildEnd(const RunMail& mail, ChildEnded& ended);
  void BeginPending(RunSlot& slot, Event& event, std::vector<std::string>& to_cancel);
  bool TakePlaceAgain(RunSlot& slot, RetryRequested& event, QueuedEvent& queued, CommitBatch& batch, std::vector<std::string>& to_cancel);
  void SyncPlace(const RunSlot& slot);
  void GivePlaceBack(const RunSlot& slot);
  /// Of a run, or a retry of one, that did not get onto the disk.
  void WithdrawPlace(const RunSlot& slot);
  void Drop(std::vector<RunMail> mail);
  void GiveAnswers(RunSlot& slot, CommitBatch& batch, const Error* instead);
  void BackOff(RunSlot& slot, const Error& error);
  void SpoilResults(RunSlot& slot, const Error& error);
  void FlushLogs();

  EngineParts& parts_;
  std::shared_ptr<Inbox> inbox_;  // shared with what is on its way back from the committer
  OutputCache cache_;
  RunTimers timers_;
  std::unordered_map<std::string, std::unique_ptr<RunSlot>> slots_;
  std::vector<std::unique_ptr<RunSlot>> strays_;  // made under an id that is taken
  std::vector<RunSlot*> dirty_;
  size_t pumping_ = 0;                            // were dirty, and come after the one that is looked at
  std::multimap<int64_t, std::string> backoffs_;  // (steady time, run)
  std::multimap<int64_t, std::string> lingers_;   // likewise
  LogBuffer logs_;
  int64_t next_outage_line_us_ = 0;  // steady
  uint64_t last_generation_ = 0;
  std::atomic<size_t> committing_{0};
  std::atomic<size_t> timer_count_{0};
  std::thread thread_;
};

}  // namespace orc
