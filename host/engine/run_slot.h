// A run that a decision loop holds in memory, and what is going on with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace orc {

struct QueuedEvent {
  Event event;
  Engine::Done done;                              // empty: nobody waits
  std::optional<IdempotencyRow> remembered = {};  // to be written with what it changes
  std::optional<RunMail> mail = {};               // that brought it: dropped with what it changes
};

/// An answer that is given once its decision is on the disk.
struct PendingAnswer {
  Engine::Done done;
  std::optional<Error> refused;
};

/// Decided, and on its way to the disk.
struct CommitBatch {
  std::vector<QueuedEvent> events;  // those that must be decided again should the commit fail
  int64_t target_revision = 0;      // of the run when it is written
  std::vector<Command> commands;
  std::vector<RunMail> mail;      // to other runs, written with it
  std::vector<std::string> born;  // other runs that begin with it
  std::vector<PendingAnswer> answers;
  std::shared_ptr<const Run> snapshot;  // for the answers
};

/// Belongs to one loop's thread. `run` is ahead of the disk by `batch`, never by more.
struct RunSlot {
  std::string id;
  Run run;                                       // valid when `loaded`
  std::shared_ptr<const Definition> definition;  // valid when `loaded`
  uint64_t generation = 0;                       // of this stay in memory: names its entries in the output cache
  bool loaded = false;
  bool attached = false;      // its attempts, if any, are those of this process
  bool committing = false;    // `batch` is with the committer
  bool backing_off = false;   // the store failed: it is asked again later
  bool dirty = false;         // listed for the loop to look at
  bool is_new = false;        // its first commit is on its way
  bool spoiled = false;       // the store refused its data once
  bool took_place = false;    // under its workflow's limit, for a retry that is not on the disk yet
  int failures = 0;           // of the store, in a row
  bool lingers = false;       // listed to be looked at once more before it leaves
  int64_t decided_us = 0;     // steady: when something was last decided
  int64_t wall_ahead_us = 0;  // of the steady clock, when the due times of `run` were decided (or read)
  std::vector<QueuedEvent> queue;
  std::optional<CommitBatch> batch;  // committing, or its fate is unknown
  std::optional<Error> ended;        // to be dropped; who waits gets this
};

}  // namespace orc
