// Schedules as the store keeps them. Instants are microseconds since the epoch; 0: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workflow/schedule.h"

namespace orc {

/// How far a schedule is: what every firing moves.
struct ScheduleProgress {
  int64_t next_us = 0;  // the next instant of its cron expression that is to be judged
  /// Instants that are due and wait for their turn: `owed_us` first, then those of the cron expression from `backlog_us` to
  /// `backlog_end_us`. There is no backlog without `owed_us`.
  int64_t owed_us = 0;
  int64_t backlog_us = 0;
  int64_t backlog_end_us = 0;
  int64_t last_fired_us = 0;     // the latest instant for which a run was made
  std::string last_run_id = {};  // of that run
  int64_t skipped = 0;           // instants that were due and got no run: another one was live, or the run was refused
  int64_t last_skipped_us = 0;
  int64_t last_missed_us = 0;  // the latest instant that came while nobody looked, and was not caught up
  bool operator==(const ScheduleProgress&) const = default;
};

/// A schedule is known by its workflow and name; it stays when the current version has it no more, and comes back with its state.
struct ScheduleRow {
  std::string id = {};  // sch_…
  std::string workflow_id = {};
  std::string name = {};
  int64_t created_us = 0;
  // What the workflow's current version says of it.
  bool active = true;  // false: nothing
  int32_t workflow_version = 0;
  std::string cron = {};
  std::string timezone = "UTC";
  ScheduleOverlap overlap = ScheduleOverlap::kSkip;
  ScheduleCatchUp catch_up = ScheduleCatchUp::kNone;
  std::string context = "{}";  // a JSON object
  // Its state.
  bool paused = false;
  int64_t revision = 1;  // one higher with every write
  ScheduleProgress progress = {};
};

/// From now on the workflow has these schedules and no others. Of one that it had before by that name, id, time of creation, pause and
/// progress stay; but where it was not active, was paused, or had another cron expression or zone, `next_us` is as given here and the
/// backlog is dropped. One that goes loses what it owes.
struct ScheduleSet {
  std::string workflow_id = {};
  std::vector<ScheduleRow> rows = {};  // active ones; with fresh ids, in case they are new
};

/// Paused: what is owed is dropped. Resumed: it goes on at `next_us`. Nothing changes for one that is as it shall be.
struct SchedulePause {
  std::string id = {};
  bool paused = true;
  int64_t next_us = 0;
};

/// A step of an active schedule that is not paused.
struct ScheduleAdvance {
  std::string id = {};
  int64_t expected_revision = 0;  // kConflict unless the row is at it
  ScheduleProgress progress = {};
};

}  // namespace orc
