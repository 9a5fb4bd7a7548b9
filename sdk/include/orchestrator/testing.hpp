// For your unit tests: your action behind a fake host. No server, no network, any test framework (or none).
//
//   orchestrator::testing::Tester<Greet> greet(R"({"greeting": "Hello"})");
//   assert(greet.Run(R"({"name": "Ada"})").output == R"("Hello, Ada")");
//
//   greet.host().AnswerHttp([](const orchestrator::HttpRequest&) { return orchestrator::testing::Reply{200, "[]"}; });
//   const orc_attempt id = greet.Start("{}");   greet.Cancel(id);   greet.Wait(id).outcome;
//
// What the host checks for you (schemas) is not checked here: `orchestrator-plugin-check` does that with the built library.
#pragma once

#include "orchestrator/action.hpp"
#include "orchestrator/testing/action_tester.hpp"
#include "orchestrator/testing/fake_host.hpp"

namespace orchestrator::testing {

/// One object of the class `Action`, and the host that it believes in.
template <class Action>
class Tester {
 public:
  /// Throws std::runtime_error, with the action's own sentence, when it refuses `config`.
  explicit Tester(std::string_view config = "{}") : tester_(*detail::Entry<Action>::Describe(), host_, config) {}

  FakeHost& host() { return host_; }
  /// Starts a try and waits for its end. Throws std::runtime_error when it does not come within `limit`.
  Result Run(std::string_view input, std::chrono::milliseconds limit = kPatience) { return Wait(Start(input), limit); }
  orc_attempt Start(std::string_view input, const RequestFields& fields = {}) { return tester_.Start(input, fields); }
  Result Wait(orc_attempt id, std::chrono::milliseconds limit = kPatience) { return host_.WaitEnd(id, limit); }
  void Cancel(orc_attempt id) { tester_.Cancel(id); }
  /// "" when healthy.
  std::string CheckHealth() { return tester_.CheckHealth(); }

 private:
  FakeHost host_;
  ActionTester tester_;
};

}  // namespace orchestrator::testing
