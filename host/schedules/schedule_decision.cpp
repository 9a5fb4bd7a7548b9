#include "schedules/schedule_decision.h"

#include <algorithm>

namespace orc {
namespace {

/// Takes the steps of one decision over a copy of the row's progress.
class Step {
 public:
  Step(const ScheduleRow& row, const Timetable& timetable, int64_t now_us, bool has_live)
      : row_(row), timetable_(timetable), now_us_(now_us), has_live_(has_live) {
    decision_.progress = row.progress;
  }

  ScheduleDecision Take() {
    const bool waits = has_live_ && row_.overlap != ScheduleOverlap::kAllow;
    if (progress().owed_us > 0 && !waits) {
      Begin(PopOwed());
    } else if (progress().next_us > 0 && progress().next_us <= now_us_) {
      JudgeNext();
    } else {
      decision_.cancel_live = progress().owed_us > 0 && has_live_ && row_.overlap == ScheduleOverlap::kCancelRunning;
    }
    return std::move(decision_);
  }

 private:
  ScheduleProgress& progress() { return decision_.progress; }

  int64_t After(int64_t us) const { return timetable_.NextUs(us).value_or(0); }

  void MoveNext(int64_t after_us) {
    progress().next_us = After(after_us);
    decision_.changed = true;
  }

  void Begin(int64_t instant_us) {
    decision_.begin_us = instant_us;
    decision_.changed = true;
    progress().last_fired_us = std::max(progress().last_fired_us, instant_us);
  }

  void Skip(int64_t instant_us) {
    decision_.skipped_us = instant_us;
    decision_.changed = true;
    ++progress().skipped;
    progress().last_skipped_us = std::max(progress().last_skipped_us, instant_us);
  }

  void Miss(int64_t from_us, int64_t to_us) {
    decision_.missed_from_us = from_us;
    decision_.missed_to_us = to_us;
    progress().last_missed_us = std::max(progress().last_missed_us, to_us);
  }

  int64_t PopOwed() {
    const int64_t popped_us = progress().owed_us;
    progress().owed_us = progress().backlog_us;
    if (progress().backlog_us > 0) SetBacklog(After(progress().backlog_us), progress().backlog_end_us);
    return popped_us;
  }

  void SetBacklog(int64_t from_us, int64_t to_us) {
    const bool is_empty = from_us == 0 || from_us > to_us;
    progress().backlog_us = is_empty ? 0 : from_us;
    progress().backlog_end_us = is_empty ? 0 : to_us;
  }

  void JudgeNext() {
    // A new version computed it by a clock that had been set back: what has fired does not fire again.
    if (progress().next_us <= progress().last_fired_us) return MoveNext(progress().last_fired_us);
    if (progress().next_us < now_us_ - kMissedAfterUs) return CatchUp();
    Meet(progress().next_us);
  }

  /// The next instant is due, and in time.
  void Meet(int64_t instant_us) {
    MoveNext(instant_us);
    const bool is_in_the_way = has_live_ || progress().owed_us > 0;
    if (row_.overlap == ScheduleOverlap::kAllow || !is_in_the_way) return Begin(instant_us);
    if (row_.overlap == ScheduleOverlap::kCancelRunning) {
      // The newest is what counts: it takes the place of one that still waits, and of what was to be caught up.
      if (progress().owed_us > 0) Skip(progress().owed_us);
      if (progress().backlog_us > 0) Miss(progress().backlog_us, progress().backlog_end_us);
      progress().owed_us = instant_us;
      SetBacklog(0, 0);
      decision_.cancel_live = has_live_;
      return;
    }
    if (row_.overlap == ScheduleOverlap::kQueue && progress().owed_us == 0) {
      progress().owed_us = instant_us;
      return;
    }
    Skip(instant_us);
  }

  void CatchUp() {
    const int64_t first_us = progress().next_us;
    if (row_.catch_up == ScheduleCatchUp::kNone) {
      const int64_t in_time_us = now_us_ - kMissedAfterUs;
      MoveNext(in_time_us - 1);
      return Miss(first_us, timetable_.LastUs(first_us, in_time_us - 1).value_or(first_us));
    }
    const int64_t last_us = timetable_.LastUs(first_us, now_us_).value_or(first_us);
    MoveNext(last_us);
    // Where each instant cancels the run before it, all of them come to the last.
    const bool only_the_last = row_.catch_up == ScheduleCatchUp::kLast || row_.overlap == ScheduleOverlap::kCancelRunning;
    decision_.caught_up_us = only_the_last ? last_us : first_us;
    only_the_last ? OweTheLast(first_us, last_us) : OweAll(first_us, last_us);
  }

  void OweTheLast(int64_t first_us, int64_t last_us) {
    if (last_us > first_us) Miss(first_us, timetable_.LastUs(first_us, last_us - 1).value_or(first_us));
    // What was queued before is one of those that it stands for.
    if (progress().owed_us > 0) Miss(progress().owed_us, std::max(progress().owed_us, decision_.missed_to_us));
    progress().owed_us = last_us;
    SetBacklog(0, 0);
  }

  /// Instants that wait already come first; there are none between them and the others but such as were skipped.
  void OweAll(int64_t first_us, int64_t last_us) {
    const bool has_backlog = progress().backlog_us > 0;
    const int64_t from_us = LatestFew(has_backlog ? progress().backlog_us : first_us, last_us);
    if (!has_backlog && progress().owed_us == 0) {
      progress().owed_us = from_us;
      SetBacklog(After(from_us), last_us);
    } else {
      SetBacklog(from_us, last_us);
    }
  }

  /// `first_us`, or, of more than kMaxCaughtUp instants, the first of the latest so many; those before are missed for good.
  int64_t LatestFew(int64_t first_us, int64_t last_us) {
    int64_t at_us = first_us;
    int count = 1;
    while (count <= kMaxCaughtUp && at_us > 0 && at_us < last_us) {
      at_us = After(at_us);
      ++count;
    }
    if (count <= kMaxCaughtUp) return first_us;
    int64_t from_us = last_us;
    for (int i = 1; i < kMaxCaughtUp; ++i) from_us = timetable_.LastUs(first_us, from_us - 1).value_or(from_us);
    Miss(first_us, timetable_.LastUs(first_us, from_us - 1).value_or(first_us));
    return from_us;
  }

  const ScheduleRow& row_;
  const Timetable& timetable_;
  const int64_t now_us_;
  const bool has_live_;
  ScheduleDecision decision_;
};

}  // namespace

ScheduleDecision DecideSchedule(const ScheduleRow& row, const Timetable& timetable, int64_t now_us, bool has_live) {
  return Step(row, timetable, now_us, has_live).Take();
}

ScheduleProgress WithoutRun(const ScheduleRow& row, const ScheduleDecision& decision) {
  ScheduleProgress progress = decision.progress;
  progress.last_fired_us = row.progress.last_fired_us;
  ++progress.skipped;
  progress.last_skipped_us = std::max(progress.last_skipped_us, decision.begin_us);
  return progress;
}

}  // namespace orc
