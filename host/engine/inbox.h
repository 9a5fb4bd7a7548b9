// What a decision loop is told, and the queue through which it is told.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/log_buffer.h"
#include "engine/run_slot.h"
#include "engine/store.h"

namespace orc {

/// A run made by CreateRun, whose first commit is on its way.
struct RunMade {
  std::unique_ptr<RunSlot> slot;
};
struct ClientEvent {
  std::string run_id;
  Event event;
  std::optional<IdempotencyRow> remembered;
  Engine::Done done;
};
/// What another run, or the engine itself, has to tell a run.
struct EngineEvent {
  std::string run_id;
  Event event;
  std::optional<RunMail> mail;
};
struct CommitEnded {
  RunSlot* slot;  // stays while it is committing
  Result<void> result;
  bool refused = false;  // the committer did not take it: nothing is written
};
/// Runs that the disk shows as under way: load those that are not here.
struct RunsFound {
  std::vector<std::string> run_ids;
  std::shared_ptr<void> token;  // let go of when they are loaded
};
struct TimersFound {
  std::vector<std::pair<int64_t, std::string>> timers;  // (wake_us, run)
};
struct LogsEnded {
  LogBuffer::Rows rows;
  Result<void> result;
};
using LoopMail = std::variant<RunMade, ClientEvent, EngineEvent, AttemptFinished, CommitEnded, RunsFound, TimersFound, LogRow, LogsEnded>;

/// Many writers, one reader. Posting never blocks; whoever brings work from outside asks Size() first.
class Inbox {
 public:
  enum class Wake : uint8_t { kNow, kLater };  // kLater: something else that wakes follows

  /// False when closed: `mail` is left as it is.
  bool Post(LoopMail&& mail, Wake wake = Wake::kNow);
  /// Takes all mail, waiting for some at most `wait_us` (< 0: as long as it takes). False once closed.
  bool Take(std::vector<LoopMail>& mails, int64_t wait_us);
  /// Hands back what was not taken.
  std::vector<LoopMail> Close();

  size_t Size() const;
  /// True while the reader waits with nothing to do.
  bool IsIdle() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<LoopMail> mails_;
  bool waiting_ = false;
  bool closed_ = false;
};

}  // namespace orc
