#include "schedules/schedules.h"

#include <algorithm>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "base/thread_name.h"
#include "schedules/schedule_decision.h"
#include "schedules/schedule_log.h"
#include "schedules/schedule_mailbox.h"
#include "schedules/scheduled_run.h"

namespace orc {
namespace {

constexpr int kPage = 1'000;
constexpr size_t kMaxUnderWay = 256;           // steps that are on their way to the disk
constexpr int64_t kLongestWaitUs = 1'000'000;  // the wall clock may be set, and others write rows
constexpr int64_t kRestUs = 1'000'000;         // after the engine or the store refused for the moment
constexpr int64_t kLongRestUs = 60'000'000;
constexpr int kMaxCancelled = 1'000;

class SchedulesImpl final : public Schedules {
 public:
  SchedulesImpl(const Parts& parts, bool approve_every_step) : parts_(parts), approve_every_step_(approve_every_step) {
    token_ = parts_.notifier.Subscribe([box = box_](const std::vector<RunNews>& news) {
      if (std::any_of(news.begin(), news.end(), [](const RunNews& one) { return one.terminal; })) box->Hint();
    });
    thread_ = std::thread([this] {
      NameThisThread("orc-schedules");
      Work();
    });
  }
  ~SchedulesImpl() override {
    parts_.notifier.Unsubscribe(token_);
    box_->Stop();
    thread_.join();
  }

  void Look() override { box_->Look(); }

 private:
  /// A step that is on its way to the disk.
  struct UnderWay {
    ScheduleRow row;
    ScheduleDecision decision;
  };

  void Work() {
    while (true) {
      const int64_t wait_us = LookAround();
      ScheduleMailbox::Word word = box_->Wait(wait_us);
      if (word.stopping) return;
      for (const ScheduleSettled& settled : word.settled) Settle(settled);
    }
  }

  /// Does what is due; how long nothing is.
  int64_t LookAround() {
    // Many come due at midnight: each look at them pays when it finds some that are not under way.
    if (under_way_.size() > kMaxUnderWay / 2) return kLongestWaitUs;
    const int64_t steady_us = parts_.clock.SteadyUs();
    std::erase_if(resting_, [steady_us](const auto& entry) { return entry.second <= steady_us; });
    std::erase_if(cancelled_, [steady_us](const auto& entry) { return entry.second <= steady_us; });
    LookAtOwing();
    return LookAtDue();
  }

  void LookAtOwing() {
    std::string after_id;
    while (true) {
      const auto rows = parts_.store.ListOwingSchedules(after_id, kPage);
      if (!rows.ok()) return Unreadable(rows.error());
      for (const ScheduleRow& row : *rows) Attend(row);
      if (rows->size() < static_cast<size_t>(kPage)) return;
      after_id = rows->back().id;
    }
  }

  int64_t LookAtDue() {
    const int64_t now_us = parts_.clock.NowUs();
    const auto rows = parts_.store.ListDueSchedules(now_us + kLongestWaitUs, kPage);
    if (!rows.ok()) {
      Unreadable(rows.error());
      return kLongestWaitUs;
    }
    for (const ScheduleRow& row : *rows) {
      if (row.progress.next_us > now_us) return std::clamp<int64_t>(row.progress.next_us - parts_.clock.NowUs(), 0, kLongestWaitUs);
      Attend(row);
    }
    return kLongestWaitUs;
  }

  void Unreadable(const Error& error) {
    const int64_t steady_us = parts_.clock.SteadyUs();
    if (steady_us < next_complaint_us_) return;
    next_complaint_us_ = steady_us + kLongRestUs;
    LogWarn("schedules: the store cannot be read", {{"error", error.message}});
  }

  /// Takes one step with a schedule, unless one is under way.
  void Attend(const ScheduleRow& row) {
    if (under_way_.size() >= kMaxUnderWay || under_way_.contains(row.id) || resting_.contains(row.id)) return;
    const auto timetable = Timetable::Make(row.cron, row.timezone);
    if (!timetable.ok()) return PauseBroken(row, timetable.error());
    bool has_live = false;
    if (row.overlap != ScheduleOverlap::kAllow) {
      const auto live = parts_.store.ListLiveRunsOfSchedule(row.id, 1);
      if (!live.ok()) return Unreadable(live.error());
      has_live = !live->empty();
    }
    ScheduleDecision decision = DecideSchedule(row, *timetable, parts_.clock.NowUs(), has_live);
    if (decision.begin_us > 0) return BeginRun(row, std::move(decision));
    if (decision.changed) return Write(row, std::move(decision));
    if (decision.cancel_live) CancelLive(row);
  }

  void BeginRun(const ScheduleRow& row, ScheduleDecision decision) {
    auto run = MakeScheduledRun(row, decision, parts_.definitions, parts_.ids, approve_every_step_);
    under_way_[row.id] = {row, std::move(decision)};
    if (!run.ok()) return box_->Put({row.id, run.error()});
    parts_.engine.CreateRun(*std::move(run), [box = box_, id = row.id](const Result<RunSnapshot>& made) {
      box->Put({id, made.ok() ? std::nullopt : std::optional(made.error())});
    });
  }

  /// A step without a run.
  void Write(const ScheduleRow& row, ScheduleDecision decision) {
    Change change;
    change.schedule_advances.push_back({row.id, row.revision, decision.progress});
    under_way_[row.id] = {row, std::move(decision)};
    Submit(row.id, std::move(change));
  }

  void Submit(const std::string& schedule_id, Change change) {
    const auto taken =
        parts_.committer.Submit(std::move(change), Committer::Urgency::kUnderWay, [box = box_, schedule_id](const Result<void>& done) {
          box->Put({schedule_id, done.ok() ? std::nullopt : std::optional(done.error())});
        });
    if (!taken.ok()) box_->Put({schedule_id, taken.error()});
  }

  void Settle(const ScheduleSettled& settled) {
    const auto found = under_way_.find(settled.schedule_id);
    if (found == under_way_.end()) return;
    const UnderWay step = std::move(found->second);
    under_way_.erase(found);
    if (!settled.error) {
      LogScheduleStep(step.row, step.decision);
      if (step.decision.cancel_live) CancelLive(step.row);
      return;
    }
    const Error& error = *settled.error;
    // Whatever is not known to be refused for good is decided again, by what the disk says then.
    if (error.code == ErrorCode::kUnavailable) return Rest(step.row, kRestUs);
    if (error.code == ErrorCode::kConflict && HasMoved(step.row)) return;
    if (step.decision.begin_us > 0) return Refuse(step, error);
    LogError("schedule: it cannot go on for now", {{"schedule", step.row.id}, {"name", step.row.name}, {"error", error.message}});
    Rest(step.row, kLongRestUs);
  }

  void Rest(const ScheduleRow& row, int64_t us) { resting_[row.id] = parts_.clock.SteadyUs() + us; }

  /// True also when that can't be known.
  bool HasMoved(const ScheduleRow& row) {
    const auto now = parts_.store.GetSchedule(row.id);
    return !now.ok() || now->revision != row.revision;
  }

  void Refuse(const UnderWay& step, const Error& error) {
    LogRefusedRun(step.row, step.decision.begin_us, error.message);
    ScheduleDecision without;
    without.changed = true;
    without.progress = WithoutRun(step.row, step.decision);
    Write(step.row, std::move(without));
  }

  /// The zone is gone from the system, say: nobody can tell when it would be due.
  void PauseBroken(const ScheduleRow& row, const Error& error) {
    LogError("schedule: paused, its times can't be computed", {{"schedule", row.id}, {"name", row.name}, {"error", error.message}});
    Change change;
    change.schedule_pauses.push_back({row.id, true, 0});
    under_way_[row.id] = {row, {}};
    Submit(row.id, std::move(change));
  }

  void CancelLive(const ScheduleRow& row) {
    const auto live = parts_.store.ListLiveRunsOfSchedule(row.id, kMaxCancelled);
    if (!live.ok()) return Unreadable(live.error());
    for (const auto& [run_id, status] : *live) {
      if (status == RunStatus::kCanceling || !cancelled_.emplace(run_id, parts_.clock.SteadyUs() + kRestUs).second) continue;
      LogInfo("schedule: cancels its earlier run", {{"schedule", row.id}, {"name", row.name}, {"run", run_id}});
      // One that could not be told is told again: it is still live then.
      parts_.engine.Submit(run_id, CancelRequested{false, "schedule:" + row.name}, std::nullopt, [](const Result<RunSnapshot>&) {});
    }
  }

  const Parts parts_;
  const bool approve_every_step_;
  const std::shared_ptr<ScheduleMailbox> box_ = std::make_shared<ScheduleMailbox>();
  // The thread's own.
  std::unordered_map<std::string, UnderWay> under_way_;  // by schedule
  std::unordered_map<std::string, int64_t> resting_;     // by schedule, until (steady)
  std::unordered_map<std::string, int64_t> cancelled_;   // by run: not to be told again until (steady)
  int64_t next_complaint_us_ = 0;
  uint64_t token_ = 0;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Schedules> Schedules::Start(const Parts& parts, bool approve_every_step) {
  return std::make_unique<SchedulesImpl>(parts, approve_every_step);
}

}  // namespace orc
