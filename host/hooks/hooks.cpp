#include "hooks/hooks.h"

#include <algorithm>
#include <random>
#include <thread>

#include "base/log.h"
#include "base/thread_name.h"
#include "hooks/hook_body.h"
#include "hooks/hook_feed.h"
#include "hooks/hook_mailbox.h"

namespace orc {
namespace {

constexpr int kRowsPerRead = 200;
constexpr int64_t kPollUs = 2'000'000;  // the safety net under the notifier's hints
constexpr size_t kMaxAnswerBytes = 64u << 10;

class HooksImpl final : public Hooks {
 public:
  HooksImpl(std::vector<HookTarget> targets, const Clock& clock, Store& store, Committer& committer, Notifier& notifier, HttpService& http)
      : clock_(clock), store_(store), committer_(committer), notifier_(notifier), http_(http) {
    thread_ = std::thread([this, targets = std::move(targets)]() mutable {
      NameThisThread("orc-hooks");
      Work(std::move(targets));
    });
    token_ = notifier_.Subscribe([box = box_](const std::vector<RunNews>& news) {
      if (std::any_of(news.begin(), news.end(), [](const RunNews& one) { return one.events; })) box->Hint();
    });
  }

  ~HooksImpl() override {
    notifier_.Unsubscribe(token_);
    box_->Stop();
    thread_.join();
  }

 private:
  void Work(std::vector<HookTarget> targets) {
    if (!OpenFeeds(std::move(targets))) return;
    while (true) {
      const int64_t now_us = clock_.SteadyUs();
      int64_t due_us = now_us + kPollUs;
      for (size_t i = 0; i < feeds_.size(); ++i) {
        Advance(i, now_us);
        if (const int64_t due = feeds_[i].DueUs(); due != 0) due_us = std::min(due_us, due);
      }
      HookMailbox::Word word = box_->Wait(std::max<int64_t>(due_us - clock_.SteadyUs(), 0));
      for (HookMail& mail : word.mail) Open(mail);
      if (word.stopping) break;
    }
    Close();
  }

  /// False when it was stopped before the cursors could be read.
  bool OpenFeeds(std::vector<HookTarget> targets) {
    for (HookTarget& target : targets) {
      auto cursor = store_.GetHookCursor(target.name);
      while (!cursor.ok()) {
        LogError("hook cursor not readable, it will be tried again", {{"hook", target.name}, {"error", cursor.error().message}});
        if (box_->Wait(kPollUs).stopping) return false;
        cursor = store_.GetHookCursor(target.name);
      }
      while (target.base_url.ends_with('/')) target.base_url.pop_back();
      feeds_.emplace_back(std::move(target), *cursor);
      calls_.push_back(0);
      if (*cursor != 0) continue;
      feeds_.back().MakeKnown(clock_.SteadyUs());
      StoreCursor(feeds_.size() - 1, clock_.SteadyUs(), true);
    }
    return true;
  }

  void Advance(size_t index, int64_t now_us) {
    HookFeed& feed = feeds_[index];
    ReadRows(feed);
    if (const EventRow* row = feed.NextToSend(now_us)) Send(index, *row);
    StoreCursor(index, now_us, false);
  }

  void ReadRows(HookFeed& feed) {
    while (feed.WantsRows()) {
      auto rows = store_.ReadEvents("", feed.read_to(), kRowsPerRead);
      if (!rows.ok()) return LogWarn("events not readable for a hook", {{"hook", feed.target().name}, {"error", rows.error().message}});
      const bool last = rows->size() < static_cast<size_t>(kRowsPerRead);
      feed.AddRows(std::move(rows).value());
      if (last) return;
    }
  }

  void Send(size_t index, const EventRow& row) {
    HookFeed& feed = feeds_[index];
    HttpCall call;
    call.method = "POST";
    call.url = feed.target().base_url + "/v1/events";
    // The receiver can tell a repeat by the key: delivery is at least once.
    call.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "event_" + std::to_string(row.id)}};
    call.headers.insert(call.headers.end(), feed.target().headers.begin(), feed.target().headers.end());
    call.body = MakeHookBody(row, feed.target());
    call.timeout_ms = feed.target().timeout_ms;
    call.connect_timeout_ms = feed.target().timeout_ms;
    call.max_response_bytes = kMaxAnswerBytes;
    call.verify_tls = feed.target().verify_tls;
    call.ca_file = feed.target().ca_file;
    call.safe_to_resend = true;
    feed.OnSent();
    calls_[index] = http_.Send(std::move(call), [box = box_, index](HttpReply reply) { box->Put(HookReply{index, std::move(reply)}); });
  }

  void Open(HookMail& mail) {
    const int64_t now_us = clock_.SteadyUs();
    if (auto* reply = std::get_if<HookReply>(&mail)) feeds_[reply->feed].OnReply(reply->reply, now_us, random_());
    if (auto* stored = std::get_if<HookStored>(&mail)) feeds_[stored->feed].OnStored(stored->ok, now_us);
  }

  void StoreCursor(size_t index, int64_t now_us, bool at_once) {
    const std::optional<int64_t> cursor = feeds_[index].CursorToStore(now_us, at_once);
    if (!cursor) return;
    Change change;
    change.hook_cursors.push_back({.hook = feeds_[index].target().name, .event_id = *cursor});
    const auto submitted =
        committer_.Submit(std::move(change), Committer::Urgency::kUnderWay, [box = box_, index](const Result<void>& done) {
          box->Put(HookStored{index, done.ok()});
        });
    if (!submitted.ok()) feeds_[index].OnStored(false, now_us);
  }

  void Close() {
    for (size_t i = 0; i < feeds_.size(); ++i) {
      http_.Cancel(calls_[i]);  // an event cut off here is delivered again after the next start
      StoreCursor(i, clock_.SteadyUs(), true);
    }
  }

  const Clock& clock_;
  Store& store_;
  Committer& committer_;
  Notifier& notifier_;
  HttpService& http_;
  const std::shared_ptr<HookMailbox> box_ = std::make_shared<HookMailbox>();
  std::vector<HookFeed> feeds_;  // the thread's own
  std::vector<uint64_t> calls_;  // the last call of each feed
  std::mt19937_64 random_{std::random_device{}()};
  uint64_t token_ = 0;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Hooks> Hooks::Start(std::vector<HookTarget> targets, const Clock& clock, Store& store, Committer& committer,
                                    Notifier& notifier, HttpService& http) {
  return std::make_unique<HooksImpl>(std::move(targets), clock, store, committer, notifier, http);
}

}  // namespace orc
