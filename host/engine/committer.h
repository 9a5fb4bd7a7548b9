// The one writer: gathers the changes of many runs and clients into one transaction (group commit).
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "engine/notifier.h"
#include "engine/store.h"

namespace orc {

/// Owns one thread, and lends itself to one that has nothing else to do: then a lone change costs no change of threads. A lone change never
/// waits; under load the committer may wait for more work, at most one measured commit time and never over 2 ms. A batch that fails on its
/// data is bisected, and only the guilty change fails.
class Committer {
 public:
  /// Called once the change is on the disk, or failed, on the thread that wrote it. Must not block and must not throw.
  using Done = std::function<void(const Result<void>&)>;
  /// Work under way goes on when the queue is full; new work is refused.
  enum class Urgency : uint8_t { kNewWork, kUnderWay };
  /// Who writes: always the committer's thread, or Submit itself when nothing else is being written and few runs are active.
  enum class Writer : uint8_t { kCommitter, kCallerIfIdle };

  struct Stats {
    uint64_t commits = 0;
    uint64_t changes = 0;
    int64_t last_commit_us = 0;
    size_t queued = 0;
    /// Why the last commit failed, while it is no more than five seconds ago and none has succeeded since; else "".
    std::string trouble = {};
  };

  Committer(Store& store, const Clock& clock, Notifier& notifier, size_t max_queue = 10'000);
  ~Committer();  // stops

  void Start();
  /// Commits what is queued, then ends the thread. Later submits are refused.
  void Stop();

  /// kUnavailable (and `done` is not called) when the queue is full for new work, or the committer has stopped.
  Result<void> Submit(Change change, Urgency urgency, Done done, Writer writer = Writer::kCommitter);

  /// How many runs are active: whether waiting for more work can pay. Set by the engine.
  void SetActiveRuns(size_t count) { active_runs_.store(count, std::memory_order_relaxed); }
  Stats GetStats() const;

 private:
  struct Item {
    Change change;
    Done done;
  };
  void Work();
  void WriteHere(Item item);
  void Gather(std::unique_lock<std::mutex>& lock);
  std::vector<Item> TakeBatch();
  void CommitRange(std::vector<Item>& items, size_t begin, size_t end);
  void Count(size_t changes, int64_t took_us);
  void CountFailure(const Error& error);
  void Publish(const std::vector<Item>& items, size_t begin, size_t end);

  Store& store_;
  const Clock& clock_;
  Notifier& notifier_;
  const size_t max_queue_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  bool is_writing_ = false;  // one thread at a time writes
  bool sleeping_ = false;    // the thread waits, until the queue holds `enough_`
  size_t enough_ = 1;
  std::atomic<size_t> active_runs_{0};
  Stats stats_;
  int64_t trouble_us_ = 0;  // steady
  int64_t commit_us_ = 0;   // smoothed; of who writes
  std::thread thread_;
};

}  // namespace orc
