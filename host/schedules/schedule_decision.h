// What a schedule does next: pure.
#pragma once

#include <cstdint>

#include "engine/schedule_rows.h"
#include "workflow/schedule.h"

namespace orc {

/// An instant that is later than this was missed, and is for `catch_up` to judge. Less is a server that was busy or restarted: the run
/// begins a little late.
inline constexpr int64_t kMissedAfterUs = 60'000'000;
/// Instants that `catch_up: all` makes up for at one time; of more the latest.
inline constexpr int kMaxCaughtUp = 1'000;

/// One step of a schedule. Where `changed` is false there is nothing to write, and nothing to begin.
struct ScheduleDecision {
  bool changed = false;
  ScheduleProgress progress = {};  // the row's next one, without the new run's id
  int64_t begin_us = 0;            // > 0: a run for this instant is to be made, with the same change
  bool cancel_live = false;        // the live runs of this schedule are to be cancelled
  // For the log.
  int64_t skipped_us = 0;      // > 0: this instant gets no run, another one is in its way
  int64_t missed_from_us = 0;  // > 0: the instants from here …
  int64_t missed_to_us = 0;    // … to here were missed and get no run
  int64_t caught_up_us = 0;    // > 0: the first of those that were missed and get one
};

/// Decides one step of an active schedule that is not paused, as of `now_us` (the wall clock). `has_live`: a run that it started is live.
/// To be asked again until nothing changes: each step makes one run at most.
ScheduleDecision DecideSchedule(const ScheduleRow& row, const Timetable& timetable, int64_t now_us, bool has_live);

/// The same step where its run was refused for good: the instant counts as skipped.
ScheduleProgress WithoutRun(const ScheduleRow& row, const ScheduleDecision& decision);

}  // namespace orc
