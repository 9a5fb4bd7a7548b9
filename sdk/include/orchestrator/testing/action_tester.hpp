// An instance of an action, known by its C table, and attempts in it. See testing.hpp.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "orchestrator/abi.h"
#include "orchestrator/result.hpp"
#include "orchestrator/testing/fake_host.hpp"

namespace orchestrator::testing {

/// What a request says besides its input.
struct RequestFields {
  std::string run_id = "run_1";
  std::string workflow_id = "wf_1";
  std::string step_id = "step_1";
  std::string step_name = "the step";
  std::string idempotency_key = "key-1";
  int32_t try_number = 1;
  int64_t timeout_ms = 0;
};

/// Thread-safe. Its end waits for the threads of blocking attempts, then destroys the instance.
class ActionTester {
 public:
  /// Throws std::runtime_error, with the action's own sentence, when it refuses `config`.
  ActionTester(const orc_action& action, FakeHost& host, std::string_view config) : action_(action), host_(host) {
    std::string reason;
    const orc_sink sink{&reason, [](void* context, orc_text text) { *static_cast<std::string*>(context) += detail::View(text); }};
    instance_ = action.create(host.table(), detail::Text(config), &sink);
    if (instance_ == nullptr)
      throw std::runtime_error(reason.empty() ? "the action refuses its configuration and does not say why" : reason);
  }
  ActionTester(const ActionTester&) = delete;
  ActionTester& operator=(const ActionTester&) = delete;
  ~ActionTester() {
    for (std::thread& thread : threads_) thread.join();
    action_.destroy(instance_);
  }

  /// A blocking action gets a thread of its own, as it would one of the host's pool.
  orc_attempt Start(std::string_view input, const RequestFields& fields = {}) {
    const orc_attempt id = host_.Begin();
    if ((action_.flags & ORC_ACTION_BLOCKING) == 0) {
      CallStart(id, std::string(input), fields);
      return id;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    threads_.emplace_back([this, id, text = std::string(input), fields] { CallStart(id, text, fields); });
    return id;
  }
  void Cancel(orc_attempt id) {
    host_.MarkCancelled(id);
    if (action_.cancel != nullptr) action_.cancel(instance_, id);
  }
  std::string CheckHealth() {
    if (action_.check_health == nullptr) return {};
    std::string report;
    const orc_sink sink{&report, [](void* context, orc_text text) { *static_cast<std::string*>(context) += detail::View(text); }};
    if (action_.check_health(instance_, &sink) == 0) return {};
    return report.empty() ? "unhealthy, without a word" : report;
  }

 private:
  /// The request is borrowed for the call only: what an action keeps of it without copying is overwritten here.
  void CallStart(orc_attempt id, std::string input, RequestFields fields) {
    std::string action(detail::View(action_.name));
    orc_request request{};
    request.struct_size = sizeof request;
    request.input = detail::Text(input);
    request.action = detail::Text(action);
    request.run_id = detail::Text(fields.run_id);
    request.workflow_id = detail::Text(fields.workflow_id);
    request.step_id = detail::Text(fields.step_id);
    request.step_name = detail::Text(fields.step_name);
    request.idempotency_key = detail::Text(fields.idempotency_key);
    request.try_number = fields.try_number;
    request.timeout_ms = fields.timeout_ms;
    action_.start(instance_, id, &request);
    for (std::string* text :
         {&input, &action, &fields.run_id, &fields.workflow_id, &fields.step_id, &fields.step_name, &fields.idempotency_key}) {
      std::fill(text->begin(), text->end(), '#');
    }
  }

  const orc_action& action_;
  FakeHost& host_;
  void* instance_ = nullptr;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace orchestrator::testing
