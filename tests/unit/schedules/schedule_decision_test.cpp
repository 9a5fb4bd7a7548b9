// Step by step, without clocks and threads: overlap, catch_up, and clocks that are set.
#include "schedules/schedule_decision.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kBase = 1'795'000'020'000'000 / kMinute * kMinute;  // a whole minute

/// A schedule of every minute; instants are minutes after kBase.
class Bench {
 public:
  explicit Bench(ScheduleOverlap overlap = ScheduleOverlap::kSkip, ScheduleCatchUp catch_up = ScheduleCatchUp::kNone) {
    row.cron = "* * * * *";
    row.overlap = overlap;
    row.catch_up = catch_up;
    row.progress.next_us = At(1);
  }
  static int64_t At(double minutes) { return kBase + static_cast<int64_t>(minutes * kMinute); }
  static std::string Text(int64_t us) { return us == 0 ? "-" : std::to_string((us - kBase) / kMinute); }

  /// Steps until nothing changes; each run that begins stays live while `runs_stay`. What happened, in words.
  std::string Look(double minutes) {
    const auto timetable = Timetable::Make(row.cron, row.timezone);
    std::string text;
    for (int steps = 0; steps < 5'000; ++steps) {
      const ScheduleDecision decision = DecideSchedule(row, *timetable, At(minutes), live > 0);
      if (decision.missed_from_us > 0) text += "missed " + Text(decision.missed_from_us) + "-" + Text(decision.missed_to_us) + " ";
      if (decision.skipped_us > 0) text += "skipped " + Text(decision.skipped_us) + " ";
      if (decision.begin_us > 0) text += "began " + Text(decision.begin_us) + " ";
      if (decision.cancel_live) text += "cancels ";
      if (!decision.changed) {
        EXPECT_EQ(decision.begin_us, 0);
        EXPECT_EQ(decision.progress, row.progress);
        return text;
      }
      EXPECT_TRUE(decision.progress.owed_us > 0 || decision.progress.backlog_us == 0);
      row.progress = decision.progress;
      if (decision.begin_us > 0 && runs_stay) ++live;
    }
    return text + "never ends";
  }

  ScheduleRow row;
  int live = 0;
  bool runs_stay = true;
};

TEST(ScheduleDecision, BeginsAtTheInstantAndNotBefore) {
  Bench bench;
  EXPECT_EQ(bench.Look(0.999), "");
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.row.progress.last_fired_us, Bench::At(1));
  EXPECT_EQ(bench.row.progress.next_us, Bench::At(2));
  EXPECT_EQ(bench.Look(1.5), "");
}

TEST(ScheduleDecision, ALittleLateIsNotMissed) {
  Bench bench;
  bench.runs_stay = false;
  EXPECT_EQ(bench.Look(2), "began 1 began 2 ");
  EXPECT_EQ(bench.Look(3.9), "began 3 ");
}

TEST(ScheduleDecision, SkipsWhileARunIsLive) {
  Bench bench(ScheduleOverlap::kSkip);
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(2), "skipped 2 ");
  EXPECT_EQ(bench.Look(3), "skipped 3 ");
  EXPECT_EQ(bench.row.progress.skipped, 2);
  EXPECT_EQ(bench.row.progress.last_skipped_us, Bench::At(3));
  bench.live = 0;
  EXPECT_EQ(bench.Look(3.5), "");
  EXPECT_EQ(bench.Look(4), "began 4 ");
}

TEST(ScheduleDecision, QueuesOne) {
  Bench bench(ScheduleOverlap::kQueue);
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(2), "");
  EXPECT_EQ(bench.row.progress.owed_us, Bench::At(2));
  EXPECT_EQ(bench.Look(3), "skipped 3 ");
  bench.live = 0;
  EXPECT_EQ(bench.Look(3.5), "began 2 ");
  EXPECT_EQ(bench.row.progress.owed_us, 0);
  EXPECT_EQ(bench.Look(4), "");
  bench.live = 0;
  EXPECT_EQ(bench.Look(5), "began 4 ");  // and the fifth is queued
  EXPECT_EQ(bench.row.progress.owed_us, Bench::At(5));
}

TEST(ScheduleDecision, AllowsSideBySide) {
  Bench bench(ScheduleOverlap::kAllow);
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(2), "began 2 ");
  EXPECT_EQ(bench.live, 2);
}

TEST(ScheduleDecision, CancelsWhatRunsAndBeginsWhenItHasEnded) {
  Bench bench(ScheduleOverlap::kCancelRunning);
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(2), "cancels cancels ");  // with the step, and until it has ended
  EXPECT_EQ(bench.row.progress.owed_us, Bench::At(2));
  EXPECT_EQ(bench.Look(2.5), "cancels ");
  EXPECT_EQ(bench.Look(3), "skipped 2 cancels cancels ");  // the newest counts
  bench.live = 0;
  EXPECT_EQ(bench.Look(3.1), "began 3 ");
}

TEST(ScheduleDecision, MissedInstantsAreLeftOut) {
  Bench bench(ScheduleOverlap::kSkip, ScheduleCatchUp::kNone);
  bench.runs_stay = false;
  // Ten minutes down: 1 to 9 are too late, 10 is not by a second.
  EXPECT_EQ(bench.Look(10.9), "missed 1-9 began 10 ");
  EXPECT_EQ(bench.row.progress.last_missed_us, Bench::At(9));
  EXPECT_EQ(bench.row.progress.skipped, 0);
  EXPECT_EQ(bench.Look(11), "began 11 ");
}

TEST(ScheduleDecision, TheLastMissedOneIsCaughtUp) {
  Bench bench(ScheduleOverlap::kSkip, ScheduleCatchUp::kLast);
  bench.row.cron = "0,7 * * * *";
  bench.row.progress.next_us = *Timetable::Make(bench.row.cron, "UTC")->NextUs(kBase);
  const int64_t first_us = bench.row.progress.next_us;
  const double now = static_cast<double>(first_us + 181 * kMinute - kBase) / kMinute;
  const int64_t last_us = *Timetable::Make(bench.row.cron, "UTC")->LastUs(first_us, Bench::At(now));
  EXPECT_TRUE(bench.Look(now).ends_with("began " + Bench::Text(last_us) + " "));
  EXPECT_EQ(bench.live, 1);
  EXPECT_GT(bench.row.progress.next_us, Bench::At(now));
}

TEST(ScheduleDecision, TheLastOneStandsForThoseThatAreNotYetMissedToo) {
  Bench bench(ScheduleOverlap::kAllow, ScheduleCatchUp::kLast);
  EXPECT_EQ(bench.Look(10.9), "missed 1-9 began 10 ");
  Bench other(ScheduleOverlap::kQueue, ScheduleCatchUp::kLast);
  EXPECT_EQ(other.Look(1), "began 1 ");
  EXPECT_EQ(other.Look(2), "");
  EXPECT_EQ(other.Look(10), "missed 2-9 ");  // the queued one as well
  EXPECT_EQ(other.row.progress.owed_us, Bench::At(10));
}

TEST(ScheduleDecision, WhatIsCaughtUpWaitsForItsTurn) {
  Bench bench(ScheduleOverlap::kSkip, ScheduleCatchUp::kLast);
  bench.live = 1;
  EXPECT_EQ(bench.Look(10), "missed 1-9 ");
  EXPECT_EQ(bench.Look(11), "skipped 11 ");
  bench.live = 0;
  EXPECT_EQ(bench.Look(11.5), "began 10 ");
}

TEST(ScheduleDecision, AllMissedOnesComeInTheirOrder) {
  Bench bench(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll);
  EXPECT_EQ(bench.Look(5), "began 1 began 2 began 3 began 4 began 5 ");
  EXPECT_EQ(bench.row.progress.next_us, Bench::At(6));
  EXPECT_EQ(bench.row.progress.backlog_end_us, 0);

  Bench one_by_one(ScheduleOverlap::kSkip, ScheduleCatchUp::kAll);
  EXPECT_EQ(one_by_one.Look(4), "began 1 ");
  EXPECT_EQ(one_by_one.Look(4), "");
  one_by_one.live = 0;
  EXPECT_EQ(one_by_one.Look(5), "began 2 skipped 5 ");  // in time, and in the way of the others
  one_by_one.live = 0;
  EXPECT_EQ(one_by_one.Look(5.1), "began 3 ");
  one_by_one.live = 0;
  EXPECT_EQ(one_by_one.Look(5.2), "began 4 ");
  one_by_one.live = 0;
  EXPECT_EQ(one_by_one.Look(6), "began 6 ");
}

TEST(ScheduleDecision, WhereEachCancelsTheOneBeforeAllComesToTheLast) {
  Bench bench(ScheduleOverlap::kCancelRunning, ScheduleCatchUp::kAll);
  EXPECT_EQ(bench.Look(5), "missed 1-4 began 5 ");
  EXPECT_EQ(bench.Look(9), "missed 6-8 cancels ");
  bench.live = 0;
  EXPECT_EQ(bench.Look(9.1), "began 9 ");
}

TEST(ScheduleDecision, MissedAgainWhileCatchingUp) {
  Bench bench(ScheduleOverlap::kSkip, ScheduleCatchUp::kAll);
  EXPECT_EQ(bench.Look(4), "began 1 ");
  EXPECT_EQ(bench.Look(8), "");  // 5 to 8 join those that wait
  std::string text;
  for (int i = 0; i < 8; ++i) {
    bench.live = 0;
    text += bench.Look(8.1);
  }
  EXPECT_EQ(text, "began 2 began 3 began 4 began 5 began 6 began 7 began 8 ");
}

TEST(ScheduleDecision, OfVeryManyTheLatestAreCaughtUp) {
  Bench bench(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll);
  const std::string text = bench.Look(3'000);
  EXPECT_TRUE(text.starts_with("missed 1-2000 began 2001 began 2002 ")) << text.substr(0, 100);
  EXPECT_TRUE(text.ends_with("began 2999 began 3000 ")) << text.substr(text.size() - 100);
  EXPECT_EQ(bench.live, kMaxCaughtUp);
  Bench just_enough(ScheduleOverlap::kAllow, ScheduleCatchUp::kAll);
  EXPECT_TRUE(just_enough.Look(1'000).starts_with("began 1 began 2 "));
  EXPECT_EQ(just_enough.live, 1'000);
}

TEST(ScheduleDecision, AClockThatIsSetBackFiresNothingTwice) {
  Bench bench;
  bench.runs_stay = false;
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(2), "began 2 ");
  EXPECT_EQ(bench.Look(0.5), "");
  EXPECT_EQ(bench.Look(2), "");
  // A version that was stored by the clock that had been set back.
  bench.row.progress.next_us = Bench::At(1);
  EXPECT_EQ(bench.Look(2.5), "");
  EXPECT_EQ(bench.row.progress.next_us, Bench::At(3));
}

TEST(ScheduleDecision, AClockThatIsSetForwardMissesWhatWasBetween) {
  Bench bench(ScheduleOverlap::kSkip, ScheduleCatchUp::kNone);
  bench.runs_stay = false;
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.Look(100), "missed 2-98 began 99 began 100 ");
}

TEST(ScheduleDecision, ARefusedRunCountsAsSkipped) {
  Bench bench;
  const auto timetable = Timetable::Make(bench.row.cron, "UTC");
  const ScheduleDecision decision = DecideSchedule(bench.row, *timetable, Bench::At(1), false);
  const ScheduleProgress without = WithoutRun(bench.row, decision);
  EXPECT_EQ(without.next_us, Bench::At(2));
  EXPECT_EQ(without.last_fired_us, 0);
  EXPECT_EQ(without.skipped, 1);
  EXPECT_EQ(without.last_skipped_us, Bench::At(1));
}

TEST(ScheduleDecision, SecondsAreInstantsToo) {
  Bench bench(ScheduleOverlap::kAllow);
  bench.row.cron = "*/20 * * * * *";
  EXPECT_EQ(bench.Look(1), "began 1 ");
  EXPECT_EQ(bench.row.progress.next_us, Bench::At(1) + 20'000'000);
}

}  // namespace
}  // namespace orc
