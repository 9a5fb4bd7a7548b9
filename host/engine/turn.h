// One event of a run: decided, applied, and put into a change with all that it means to other runs.
#pragma once

#include <deque>
#include <functional>

#include "engine/definitions.h"
#include "engine/run_slot.h"
#include "engine/store.h"

namespace orc {

/// Of one run, on one thread; for as long as one batch of decisions. Everything must outlive it.
class Turn {
 public:
  struct Parts {
    Store& store;
    Definitions& definitions;
    const Outputs& outputs;
    const int64_t now_us;
    Change& change;      // gets what is to be written
    CommitBatch& batch;  // gets what is to be done once it is
  };
  struct Taken {
    bool changed = false;
    std::optional<Error> refused = {};
  };
  using OnDecided = std::function<void(const Decision& decision)>;

  Turn(const Definition& definition, Run& run, const Parts& parts) : definition_(definition), run_(run), parts_(parts) {}

  /// Decides `event` and what follows from it at once: a sub-workflow that cannot be begun has ended. `on_decided` sees each decision
  /// before its texts are moved on. The error: the store could not be read, and nothing of the batch may be written.
  Result<Taken> Take(const Event& event, const OnDecided& on_decided = {});

  /// Other runs that must make way for this one.
  void CancelOthers(const std::vector<std::string>& run_ids);

 private:
  Result<void> TakeOne(const Event& event, const OnDecided& on_decided, Taken& taken);
  Result<void> StartRuns(const std::vector<RunRequest>& requests);
  Result<Run> MakeRun(const RunRequest& request) const;
  static Event NotStarted(const RunRequest& request, const Error& error);
  void TakeCommands(std::vector<Command>& commands);
  void Send(RunMail mail);

  const Definition& definition_;
  Run& run_;
  const Parts parts_;
  std::deque<Event> follow_;  // to be decided at once
};

}  // namespace orc
