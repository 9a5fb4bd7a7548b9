// Plays memarch or audit_log: remembers what it was sent and answers as it is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/http_stub.h"

namespace orc {

class HookReceiver {
 public:
  struct Received {
    std::string path;
    std::string key;  // Idempotency-Key
    Json body;
  };
  /// Gives the status of the answer to the request of that number (0, 1, …).
  using Answer = std::function<int(size_t number)>;

  explicit HookReceiver(Answer answer = [](size_t) { return 200; }) : answer_(std::move(answer)) {
    stub_.Otherwise([this](const test::StubRequest& request) {
      auto body = ParseJson(request.body);
      return test::StubAnswer{.status = Take({request.target, request.Header("idempotency-key"), body.ok() ? *body : Json(nullptr)})};
    });
  }

  std::string base_url() const { return stub_.url(); }

  /// Waits until there are at least `count`; what there is after 20 s otherwise.
  std::vector<Received> WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return received_.size() >= count; });
    return received_;
  }

 private:
  int Take(Received received) {
    const std::lock_guard lock(mutex_);
    received_.push_back(std::move(received));
    changed_.notify_all();
    return answer_(received_.size() - 1);
  }

  Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Received> received_;
  test::HttpStub stub_;  // last: its thread uses the others
};

}  // namespace orc
