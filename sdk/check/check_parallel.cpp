// runs-side-by-side: one instance, many threads.
#include <mutex>
#include <thread>

#include "subject.h"

namespace orc::check {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 8;
constexpr int kAttemptsPerThread = 8;
constexpr auto kLimit = 10s;

struct Expected {
  Example example;
  std::string output;  // of the same input, alone
};

/// What each input gives when it runs alone; for actions without effects that must be what it gives among others.
Result<std::vector<Expected>> RunAlone(Bench& bench, const std::vector<Example>& inputs) {
  std::vector<Expected> expected;
  for (const Example& example : inputs) {
    try {
      expected.push_back({example, bench.host.WaitEnd(bench.tester->Start(example.input), kLimit).output});
    } catch (const std::exception& e) {
      return Error{ErrorCode::kInvalid, e.what()};
    }
  }
  return expected;
}

struct Started {
  orc_attempt id;
  size_t input;
};

std::vector<Started> StartOnThreads(Bench& bench, const std::vector<Expected>& expected) {
  std::mutex mutex;
  std::vector<Started> started;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kAttemptsPerThread; ++i) {
        const size_t input = static_cast<size_t>(t + i) % expected.size();
        const orc_attempt id = bench.tester->Start(expected[input].example.input);
        const std::lock_guard lock(mutex);
        started.push_back({id, input});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return started;
}

Finding SideBySide(Subject& subject, const Action& action) {
  const auto inputs = subject.InputsOf(action);
  if (!inputs.ok()) return Failed(inputs.error().message);
  if (inputs->empty()) return Skipped("\"" + action.name + "\" has no input");
  auto& bench = Forever(std::make_unique<Bench>());
  if (auto obstacle = Make(bench, action)) return *obstacle;
  const auto expected = RunAlone(bench, *inputs);
  if (!expected.ok()) return Failed("\"" + action.name + "\": " + expected.error().message);
  const std::vector<Started> started = StartOnThreads(bench, *expected);
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  std::vector<orc_attempt> ids;
  for (const Started& one : started) {
    ids.push_back(one.id);
    try {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      const auto result = bench.host.WaitEnd(one.id, std::max(left, 1ms));
      if ((action.table->flags & ORC_ACTION_PURE) != 0 && result.output != (*expected)[one.input].output) {
        return Failed("\"" + action.name + "\" says it is pure, but among others an input had another output than alone");
      }
    } catch (const std::exception&) {
      return Failed("\"" + action.name + "\": of " + std::to_string(started.size()) + " attempts at once, one did not end within 10 s");
    }
  }
  if (std::string fault = EndFault(bench, ids); !fault.empty()) return Failed("\"" + action.name + "\": " + fault);
  return Passed("");
}

}  // namespace

Finding RunsSideBySide(Subject& subject) {
  return ForEachAction(subject, std::to_string(kThreads * kAttemptsPerThread) + " attempts at once ended once each", &SideBySide);
}

}  // namespace orc::check
