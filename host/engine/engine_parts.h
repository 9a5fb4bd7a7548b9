// What the engine's loops share.
#pragma once

#include <atomic>

#include "engine/engine.h"
#include "engine/run_limits.h"

namespace orc {

/// How runs reach each other, whichever loop they belong to. Any thread; never blocks.
class RunPost {
 public:
  virtual ~RunPost() = default;
  virtual void Deliver(const std::string& run_id, Event event) = 0;
  virtual void Deliver(RunMail mail) = 0;
};

/// References outlive the loops; counters are of all loops together.
struct EngineParts {
  const Engine::Options options;
  const Clock& clock;
  Store& store;
  Definitions& definitions;
  ActionRunner& runner;
  Committer& committer;
  RunPost& post;
  RunLimits limits = {};
  std::atomic<size_t> active_runs{0};
  std::atomic<size_t> attempts{0};  // begun in this process, and not reported yet
  std::atomic<size_t> taken_up{0};  // runs that an earlier process left under way
  std::atomic<bool> draining{false};

  /// What is now the difference of the clocks; it changes when somebody sets the wall clock.
  int64_t WallAheadUs() const { return clock.NowUs() - clock.SteadyUs(); }
  void CountRuns(ptrdiff_t change) {
    committer.SetActiveRuns(active_runs.fetch_add(static_cast<size_t>(change), std::memory_order_relaxed) + static_cast<size_t>(change));
  }
};

/// Timers due within this are held in memory; later ones are read from the store when their time is near.
inline constexpr int64_t kTimerHorizonUs = 60'000'000;

}  // namespace orc
