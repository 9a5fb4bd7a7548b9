#include "engine/committer.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/log.h"
#include "base/thread_name.h"
#include "engine/run_news.h"

namespace orc {
namespace {

constexpr int64_t kTroubleUs = 5'000'000;     // then somebody must try again to know
constexpr size_t kFewRuns = 16;               // up to so many active runs nothing ever waits
constexpr int64_t kLongestGatherUs = 2'000;   // and beyond, never longer than this
constexpr size_t kMaxBatch = 2'000;           // changes in one transaction
constexpr size_t kMaxBatchBytes = 32u << 20;  // of texts in one transaction, unless a single change has more

size_t TextBytes(const Change& change) {
  size_t bytes = 0;
  for (const DocumentRow& row : change.documents) bytes += row.document.text.size();
  for (const LogRow& row : change.logs) bytes += row.text.size();
  for (const IdempotencyRow& row : change.idempotency) bytes += row.body.size();
  return bytes;
}

}  // namespace

Committer::Committer(Store& store, const Clock& clock, Notifier& notifier, size_t max_queue)
    : store_(store), clock_(clock), notifier_(notifier), max_queue_(max_queue) {}

Committer::~Committer() { Stop(); }

void Committer::Start() {
  thread_ = std::thread([this] {
    NameThisThread("orc-committer");
    Work();
  });
}

void Committer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<void> Committer::Submit(Change change, Urgency urgency, Done done, Writer writer) {
  bool wake = false;
  std::optional<Item> mine;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{ErrorCode::kUnavailable, "the server is stopping"};
    if (urgency == Urgency::kNewWork && queue_.size() >= max_queue_) {
      return Error{ErrorCode::kUnavailable, "too much is waiting to be written; try again in a moment"};
    }
    const bool here =
        writer == Writer::kCallerIfIdle && !is_writing_ && queue_.empty() && active_runs_.load(std::memory_order_relaxed) <= kFewRuns;
    is_writing_ |= here;
    Item item{std::move(change), std::move(done)};
    if (here) {
      mine = std::move(item);
    } else {
      queue_.push_back(std::move(item));
    }
    wake = sleeping_ && !is_writing_ && queue_.size() >= enough_;
  }
  if (mine) WriteHere(*std::move(mine));
  if (wake) wake_.notify_one();
  return {};
}

void Committer::WriteHere(Item item) {
  std::vector<Item> items;
  items.push_back(std::move(item));
  CommitRange(items, 0, 1);
  const std::lock_guard lock(mutex_);
  is_writing_ = false;
  if (stopping_ || !queue_.empty()) wake_.notify_one();
}

Committer::Stats Committer::GetStats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = stats_;
  stats.queued = queue_.size();
  if (!stats.trouble.empty() && clock_.SteadyUs() - trouble_us_ > kTroubleUs) stats.trouble.clear();
  return stats;
}

void Committer::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    enough_ = 1;
    sleeping_ = true;
    wake_.wait(lock, [this] { return !is_writing_ && (stopping_ || !queue_.empty()); });
    sleeping_ = false;
    if (queue_.empty()) return;  // stopping, and all is written
    Gather(lock);
    std::vector<Item> items = TakeBatch();
    is_writing_ = true;
    lock.unlock();
    CommitRange(items, 0, items.size());
    items.clear();
    lock.lock();
    is_writing_ = false;
  }
}

void Committer::Gather(std::unique_lock<std::mutex>& lock) {
  const size_t active = active_runs_.load(std::memory_order_relaxed);
  if (active <= kFewRuns || stopping_) return;
  const int64_t wait_us = std::min(commit_us_, kLongestGatherUs);
  // Half of the active runs in one batch is as good as it gets: waiting for the rest would only hold these up.
  enough_ = std::max<size_t>(active / 2, 2);
  sleeping_ = true;
  wake_.wait_for(lock, std::chrono::microseconds(wait_us), [this] { return stopping_ || queue_.size() >= enough_; });
  sleeping_ = false;
}

std::vector<Committer::Item> Committer::TakeBatch() {
  std::vector<Item> items;
  size_t bytes = 0;
  while (!queue_.empty() && items.size() < kMaxBatch) {
    bytes += TextBytes(queue_.front().change);
    if (!items.empty() && bytes > kMaxBatchBytes) break;
    items.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return items;
}

void Committer::CommitRange(std::vector<Item>& items, size_t begin, size_t end) {
  std::vector<const Change*> changes;
  changes.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) changes.push_back(&items[i].change);
  const int64_t begin_us = clock_.SteadyUs();
  const Result<void> result = store_.Commit(changes);
  if (result.ok()) {
    Count(end - begin, clock_.SteadyUs() - begin_us);
  } else if (result.error().code == ErrorCode::kUnavailable) {
    CountFailure(result.error());
  } else if (end - begin > 1) {
    // The data of one of them is at fault: halve until it stands alone. Order is kept.
    const size_t middle = begin + (end - begin) / 2;
    CommitRange(items, begin, middle);
    CommitRange(items, middle, end);
    return;
  }
  for (size_t i = begin; i < end; ++i) items[i].done(result);
  if (result.ok()) Publish(items, begin, end);
}

void Committer::Count(size_t changes, int64_t took_us) {
  commit_us_ = commit_us_ == 0 ? took_us : (3 * commit_us_ + took_us) / 4;
  const std::lock_guard lock(mutex_);
  ++stats_.commits;
  stats_.changes += changes;
  stats_.last_commit_us = took_us;
  stats_.trouble.clear();
}

void Committer::CountFailure(const Error& error) {
  const std::lock_guard lock(mutex_);
  stats_.trouble = error.message;
  trouble_us_ = clock_.SteadyUs();
}

void Committer::Publish(const std::vector<Item>& items, size_t begin, size_t end) {
  std::vector<RunNews> news;
  for (size_t i = begin; i < end; ++i) AppendNews(items[i].change, news);
  notifier_.Publish(news);
}

}  // namespace orc
