#include "engine/recovery.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "base/thread_name.h"
#include "engine/engine_parts.h"

namespace orc {
namespace {

constexpr int kPage = 128;
constexpr int kTimerPage = 2'000;
constexpr int64_t kFullWaitMs = 20;
constexpr int64_t kTimerReadMs = kTimerHorizonUs / 2'000;  // twice per horizon
constexpr int64_t kCrowdedReadMs = 200;
constexpr int kDeletePage = 100;
constexpr int64_t kDeleteEachMs = 10'000;
constexpr int64_t kFirstBackoffMs = 100;
constexpr int64_t kLongestBackoffMs = 5'000;

}  // namespace

Recovery::Recovery(const Clock& clock, Store& store, Committer& committer, Ports ports)
    : clock_(clock), store_(store), committer_(committer), ports_(std::move(ports)) {}

Recovery::~Recovery() { Stop(); }

void Recovery::Start() {
  thread_ = std::thread([this] {
    NameThisThread("orc-recovery");
    Work();
  });
}

void Recovery::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Recovery::Work() {
  int64_t page_ms = 0;
  while (page_ms >= 0) {
    LookAround();
    page_ms = TakeUpPage();
    if (!WaitForToken() || (page_ms >= 0 && !Wait(page_ms))) return;
  }
  if (const size_t runs = ports_.count_taken_up(); runs > 0) LogInfo("runs under way were taken up", {{"runs", runs}});
  if (!DeliverMail()) return;
  do {
    LookAround();
  } while (Wait(std::max<int64_t>(std::min(next_timers_us_, next_deletion_us_) - clock_.SteadyUs(), 0) / 1000 + 1));
}

void Recovery::LookAround() {
  if (clock_.SteadyUs() >= next_timers_us_) next_timers_us_ = clock_.SteadyUs() + ReadTimers() * 1000;
  if (clock_.SteadyUs() >= next_deletion_us_) next_deletion_us_ = clock_.SteadyUs() + DeleteExpired() * 1000;
}

bool Recovery::DeliverMail() {
  std::optional<RunMail> last;
  while (true) {
    Result<std::vector<RunMail>> page = store_.ListMail(last ? &*last : nullptr, kPage);
    if (!page.ok()) {
      LogWarn("recovery: the store cannot be read", {{"error", page.error().message}});
      if (!Wait(kFirstBackoffMs * 10)) return false;
      continue;
    }
    const bool is_last = page->size() < kPage;
    if (!page->empty()) last = page->back();
    for (RunMail& mail : *page) ports_.deliver(std::move(mail));
    if (is_last) return true;
  }
}

/// One change a run: one that was tried again meanwhile is refused, and must not keep the others.
int64_t Recovery::DeleteExpired() {
  const auto expired = store_.ListExpiredRuns(clock_.NowUs(), kDeletePage);
  if (!expired.ok()) return kTimerReadMs;
  for (const std::string& run_id : *expired) {
    Change change;
    change.deleted_runs.push_back(run_id);
    const auto ignore = [](const Result<void>&) {};
    if (!committer_.Submit(std::move(change), Committer::Urgency::kNewWork, ignore).ok()) break;
  }
  if (!expired->empty()) LogDebug("ended runs were kept long enough and are deleted", {{"runs", expired->size()}});
  return expired->size() == kDeletePage ? kCrowdedReadMs : kDeleteEachMs;
}

int64_t Recovery::TakeUpPage() {
  if (ports_.is_full()) return kFullWaitMs;
  Result<std::vector<std::string>> page = store_.ListActiveRuns(after_id_, kPage);
  if (!page.ok()) {
    LogWarn("recovery: the store cannot be read", {{"error", page.error().message}});
    backoff_ms_ = std::clamp(backoff_ms_ * 2, kFirstBackoffMs, kLongestBackoffMs);
    return backoff_ms_;
  }
  backoff_ms_ = 0;
  std::vector<std::string>& ids = *page;
  // Not "up to the last id of the process before": where the clock was set back, its ids are above the new ones.
  const bool is_last = ids.size() < kPage;
  if (!ids.empty()) after_id_ = ids.back();
  if (!ids.empty()) {
    {
      const std::lock_guard lock(mutex_);
      page_out_ = true;
    }
    std::shared_ptr<void> token(nullptr, [this](void*) {
      const std::lock_guard lock(mutex_);
      page_out_ = false;
      wake_.notify_all();
    });
    ports_.take_up(std::move(ids), std::move(token));
  }
  return is_last ? -1 : 0;
}

int64_t Recovery::ReadTimers() {
  const int64_t now_us = clock_.NowUs();
  auto due = store_.ListDueRuns(now_us + kTimerHorizonUs, kTimerPage);
  if (!due.ok()) {
    LogWarn("timers: the store cannot be read", {{"error", due.error().message}});
    return kFirstBackoffMs * 10;
  }
  const bool is_full = due->size() == kTimerPage;
  const int64_t last_us = due->empty() ? 0 : due->back().first;
  if (!due->empty()) ports_.set_timers(*std::move(due));
  // More come due than one page holds: read on when half of these are gone.
  if (is_full) return std::clamp((last_us - now_us) / 2'000, kCrowdedReadMs, kTimerReadMs);
  return kTimerReadMs;
}

bool Recovery::Wait(int64_t ms) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

bool Recovery::WaitForToken() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !page_out_; });
  return !stopping_;
}

}  // namespace orc
