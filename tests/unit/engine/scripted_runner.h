// A runner whose attempts do what the test says.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/action_runner.h"

namespace orc::test {

inline constexpr auto kPatience = std::chrono::seconds(20);

class ScriptedRunner final : public ActionRunner {
 public:
  /// What an attempt reports at once; nothing: it hangs until Finish or Cancel. Set before runs begin.
  using Script = std::function<std::optional<AttemptFinished>(const AttemptOrder&)>;
  Script script;
  bool obeys_cancel = true;

  void Bind(AttemptSink& sink) override {
    const std::lock_guard lock(mutex_);
    sink_ = &sink;
    open_.clear();  // those of an engine that is gone died with it
  }
  void Start(AttemptOrder order) override {
    std::optional<AttemptFinished> result = script ? script(order) : std::nullopt;
    AttemptSink* sink = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (!result) open_[order.key.run_id] = order.key;
      started_.push_back(std::move(order));
      sink = sink_;
    }
    changed_.notify_all();
    if (result) sink->OnFinished(*std::move(result));
  }
  void Cancel(const AttemptKey& key) override {
    {
      const std::lock_guard lock(mutex_);
      cancelled_.push_back(key);
      const auto found = open_.find(key.run_id);
      if (!obeys_cancel || found == open_.end() || found->second != key) {
        changed_.notify_all();
        return;
      }
    }
    changed_.notify_all();
    AttemptFinished result;
    result.key = key;
    result.outcome = AttemptFinished::Outcome::kCanceled;
    Finish(std::move(result));
  }
  size_t InFlight() const override {
    const std::lock_guard lock(mutex_);
    return open_.size();
  }

  /// Waits until so many attempts were started in all, and gives the last of them.
  std::optional<AttemptOrder> WaitForStart(size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return started_.size() >= count; })) return std::nullopt;
    return started_[count - 1];
  }
  bool WaitForCancel(size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return cancelled_.size() >= count; });
  }
  void Finish(AttemptFinished result) {
    AttemptSink* sink = nullptr;
    {
      const std::lock_guard lock(mutex_);
      open_.erase(result.key.run_id);
      sink = sink_;
    }
    sink->OnFinished(std::move(result));
  }
  void Succeed(const AttemptKey& key, std::string output = "{}") {
    Finish(AttemptFinished{.key = key, .output = std::move(output), .http_code = 200});
  }
  void Write(const AttemptKey& key, const std::string& line) { sink_->OnLog(key, "http", "info", line); }

  std::vector<AttemptOrder> started() const {
    const std::lock_guard lock(mutex_);
    return started_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  AttemptSink* sink_ = nullptr;
  std::vector<AttemptOrder> started_;
  std::vector<AttemptKey> cancelled_;
  std::map<std::string, AttemptKey> open_;  // by run
};

inline std::optional<AttemptFinished> AlwaysSucceeds(const AttemptOrder& order) {
  return AttemptFinished{.key = order.key, .output = "{}", .http_code = 200};
}

}  // namespace orc::test
