#include "hooks/hooks.h"

#include <gtest/gtest.h>

#include <future>

#include "hook_receiver.h"
#include "store/memory_store.h"

namespace orc {
namespace {

/// The real committer, notifier and HTTP service over a memory store.
class HooksTest : public testing::Test {
 protected:
  void SetUp() override {
    committer_ = std::make_unique<Committer>(*store_, clock_, notifier_);
    committer_->Start();
    EgressPolicy policy;
    policy.allow = {"127.0.0.0/8"};
    http_ = HttpService::Start(policy).value();
  }

  std::unique_ptr<Hooks> Start(const HookReceiver& receiver) {
    HookTarget target;
    target.name = "audit_log";
    target.base_url = receiver.base_url();
    target.timeout_ms = 2'000;
    return Hooks::Start({target}, clock_, *store_, *committer_, notifier_, *http_);
  }

  void Record(const std::vector<std::string>& types) {
    Change change;
    for (const std::string& type : types) {
      EventRow row;
      row.run_id = "run_1";
      row.workflow_id = "wf_1";
      row.event.number = ++number_;
      row.event.type = type;
      row.event.at_us = clock_.NowUs();
      row.event.payload = R"({"note":")" + std::to_string(number_) + R"("})";
      change.events.push_back(std::move(row));
    }
    std::promise<bool> committed;
    const auto submitted = committer_->Submit(std::move(change), Committer::Urgency::kUnderWay,
                                              [&](const Result<void>& done) { committed.set_value(done.ok()); });
    ASSERT_TRUE(submitted.ok());
    ASSERT_TRUE(committed.get_future().get());
  }

  void WaitForCursor(int64_t cursor) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (store_->GetHookCursor("audit_log").value() != cursor && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(store_->GetHookCursor("audit_log").value(), cursor);
  }

  static std::vector<std::string> Notes(const std::vector<HookReceiver::Received>& received) {
    std::vector<std::string> notes;
    for (const auto& one : received) notes.emplace_back(StringAt(one.body, "note"));
    return notes;
  }

  SystemClock clock_;
  Notifier notifier_;
  std::unique_ptr<Store> store_ = MakeMemoryStore();
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<HttpService> http_;
  int64_t number_ = 0;
};

TEST_F(HooksTest, DeliversInOrderAndOnlyHookEvents) {
  HookReceiver receiver;
  const auto hooks = Start(receiver);
  Record({"run.started", "step.started", "run.waiting_approval"});
  Record({"run.succeeded"});
  const auto received = receiver.WaitFor(3);
  EXPECT_EQ(Notes(received), (std::vector<std::string>{"1", "3", "4"}));
  EXPECT_EQ(received[0].path, "/v1/events");
  EXPECT_EQ(received[0].key, "event_1");
}

TEST_F(HooksTest, TriesAgainWithTheSameKeyUntilItIsTaken) {
  HookReceiver receiver([](size_t number) { return number < 2 ? 503 : 200; });
  const auto hooks = Start(receiver);
  Record({"run.started", "run.succeeded"});
  const auto received = receiver.WaitFor(4);
  EXPECT_EQ(Notes(received), (std::vector<std::string>{"1", "1", "1", "2"}));
  EXPECT_EQ(received[0].key, received[2].key);
}

TEST_F(HooksTest, GoesOnAfterARestartWhereItStopped) {
  HookReceiver receiver;
  {
    const auto hooks = Start(receiver);
    Record({"run.started"});
    ASSERT_EQ(receiver.WaitFor(1).size(), 1u);
    WaitForCursor(1);
  }
  Record({"run.succeeded"});  // while no hook is there to see it
  const auto hooks = Start(receiver);
  EXPECT_EQ(receiver.WaitFor(2).back().key, "event_2");
}

TEST_F(HooksTest, AReceiverThatIsDownHoldsNobodyUp) {
  std::string url;
  {
    HookReceiver gone;
    url = gone.base_url();
  }
  HookTarget down;
  down.name = "memarch";
  down.base_url = url;
  HookReceiver receiver;
  HookTarget up;
  up.name = "audit_log";
  up.base_url = receiver.base_url();
  const auto hooks = Hooks::Start({down, up}, clock_, *store_, *committer_, notifier_, *http_);
  Record({"run.started", "run.succeeded"});
  EXPECT_EQ(receiver.WaitFor(2).size(), 2u);
}

TEST_F(HooksTest, ManyEventsNoneLostNoneTwice) {
  HookReceiver receiver;
  const auto hooks = Start(receiver);
  constexpr size_t kEvents = 1000;
  for (size_t i = 0; i < kEvents / 10; ++i) Record(std::vector<std::string>(10, "run.succeeded"));
  const auto received = receiver.WaitFor(kEvents);
  ASSERT_EQ(received.size(), kEvents);
  for (size_t i = 0; i < kEvents; ++i) EXPECT_EQ(received[i].key, "event_" + std::to_string(i + 1));
}

}  // namespace
}  // namespace orc
