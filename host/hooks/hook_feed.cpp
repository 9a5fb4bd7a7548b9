#include "hooks/hook_feed.h"

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "hooks/backoff.h"
#include "hooks/hook_body.h"

namespace orc {
namespace {

constexpr int64_t kStoreAfterUs = 250'000;  // a cursor behind by this much costs repeats after a crash, never a loss

enum class Verdict { kDelivered, kRefused, kTryAgain };

Verdict Judge(const HttpReply& reply) {
  if (reply.status >= 200 && reply.status < 300) return Verdict::kDelivered;  // even when its body was cut off
  if (reply.failure == HttpFailure::kInvalidRequest) return Verdict::kRefused;
  if (reply.failure != HttpFailure::kNone) return Verdict::kTryAgain;
  // Only these speak about the event; any other answer is about the receiver (not there yet, not allowed yet), which may change.
  const bool is_about_event = reply.status == 400 || reply.status == 413 || reply.status == 415 || reply.status == 422;
  return is_about_event ? Verdict::kRefused : Verdict::kTryAgain;
}

/// Milliseconds that a Retry-After in seconds asks for; 0 when there is none.
int64_t RetryAfterMs(const HttpReply& reply) {
  for (const auto& [name, value] : reply.headers) {
    int64_t seconds = 0;
    if (name != "retry-after") continue;
    if (std::from_chars(value.data(), value.data() + value.size(), seconds).ec == std::errc() && seconds > 0) {
      return std::min(seconds, kLongestBackoffMs / 1000) * 1000;
    }
  }
  return 0;
}

std::string Describe(const HttpReply& reply) {
  return reply.failure == HttpFailure::kNone ? "status " + std::to_string(reply.status) : reply.message;
}

}  // namespace

void HookFeed::AddRows(std::vector<EventRow> rows) {
  for (EventRow& row : rows) {
    read_to_ = row.id;
    if (IsHookEvent(row.event.type)) rows_.push_back(std::move(row));
  }
}

const EventRow* HookFeed::NextToSend(int64_t now_us) const {
  return in_flight_ || rows_.empty() || now_us < try_at_us_ ? nullptr : &rows_.front();
}

void HookFeed::OnReply(const HttpReply& reply, int64_t now_us, uint64_t random) {
  in_flight_ = false;
  if (reply.failure == HttpFailure::kCanceled || reply.failure == HttpFailure::kStopped || rows_.empty()) return;
  const Verdict verdict = Judge(reply);
  if (verdict == Verdict::kDelivered) {
    if (failures_ > 0) LogInfo("hook delivers again", {{"hook", target_.name}, {"event", rows_.front().id}, {"tries", failures_ + 1}});
    return PassOn(now_us);
  }
  ++failures_;
  if (verdict == Verdict::kRefused && ++refusals_ >= Hooks::kMaxRefusals) {
    LogError("hook event put aside", {{"hook", target_.name},
                                      {"event", rows_.front().id},
                                      {"type", rows_.front().event.type},
                                      {"run", rows_.front().run_id},
                                      {"tries", failures_},
                                      {"answer", Describe(reply)}});
    return PassOn(now_us);
  }
  const int64_t wait_ms = std::max(BackoffMs(failures_, random), RetryAfterMs(reply));
  try_at_us_ = now_us + wait_ms * 1000;
  if (failures_ == 1 || failures_ % 10 == 0) {
    LogWarn("hook not delivered, it will be tried again",
            {{"hook", target_.name}, {"event", rows_.front().id}, {"tries", failures_}, {"answer", Describe(reply)}, {"wait_ms", wait_ms}});
  }
}

void HookFeed::PassOn(int64_t now_us) {
  delivered_to_ = rows_.front().id;
  rows_.pop_front();
  failures_ = 0;
  refusals_ = 0;
  try_at_us_ = 0;
  if (dirty_since_us_ == 0) dirty_since_us_ = now_us;
}

std::optional<int64_t> HookFeed::CursorToStore(int64_t now_us, bool at_once) {
  if (storing_ || dirty_since_us_ == 0) return std::nullopt;
  if (!at_once && now_us < dirty_since_us_ + kStoreAfterUs) return std::nullopt;
  storing_ = true;
  dirty_since_us_ = 0;
  return delivered_to_;
}

void HookFeed::OnStored(bool ok, int64_t now_us) {
  storing_ = false;
  if (!ok && dirty_since_us_ == 0) dirty_since_us_ = now_us;
}

int64_t HookFeed::DueUs() const {
  int64_t due = 0;
  if (!in_flight_ && !rows_.empty()) due = std::max<int64_t>(try_at_us_, 1);
  if (!storing_ && dirty_since_us_ != 0) due = due == 0 ? dirty_since_us_ + kStoreAfterUs : std::min(due, dirty_since_us_ + kStoreAfterUs);
  return due;
}

}  // namespace orc
