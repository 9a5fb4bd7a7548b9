// Stands in for the plugins: an action does what its input says.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "engine/action_runner.h"

namespace orc::test {

/// Input: {"output": any} succeeds with it; {"fail": "why"} fails; {"hold": "name"} waits until Release(name); {"log": "text"} writes a
/// line to the run's log first.
class ScriptedRunner final : public ActionRunner {
 public:
  ScriptedRunner();
  ~ScriptedRunner() override;
  void Bind(AttemptSink& sink) override { sink_ = &sink; }
  void Start(AttemptOrder order) override;
  void Cancel(const AttemptKey& key) override;
  size_t InFlight() const override;

  /// Lets every attempt that holds by this name go on, and those that come later.
  void Release(const std::string& name);
  void Stop();

 private:
  void Work();
  void Finish(const AttemptOrder& order);

  AttemptSink* sink_ = nullptr;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<AttemptOrder> ready_;
  std::deque<AttemptKey> canceled_;
  std::multimap<std::string, AttemptOrder> held_;
  std::map<std::string, bool> released_;
  size_t in_flight_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace orc::test
