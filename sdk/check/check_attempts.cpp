// completes-exactly-once and stops-when-cancelled.
#include <thread>

#include "subject.h"

namespace orc::check {
namespace {

using namespace std::chrono_literals;
using orchestrator::testing::Reply;

constexpr auto kEndLimit = 10s;
constexpr auto kStopLimit = 5s;
constexpr auto kSecondEndLimit = 200ms;  // how long a second completion is waited for

std::string Shown(const std::string& text) { return text.size() > 120 ? text.substr(0, 120) + "…" : text; }

std::string NoInput(const Action& action) {
  return "\"" + action.name + "\": no input could be made up from its schema (--examples FOLDER gives some)";
}

/// "" or what is wrong with the output of a success.
std::string OutputFault(const orchestrator::Result& result) {
  if (result.outcome == orchestrator::Outcome::kSucceeded && !result.output.empty()) {
    if (const auto json = CheckJson(result.output); !json.ok()) return "the output is not JSON: " + json.error().message;
  }
  if (result.outcome == orchestrator::Outcome::kFailed && result.error_code.empty()) return "a failure has no error code";
  return {};
}

Finding Completes(Subject& subject, const Action& action) {
  const auto inputs = subject.InputsOf(action);
  if (!inputs.ok()) return Failed(inputs.error().message);
  if (inputs->empty()) return Skipped(NoInput(action));
  auto& bench = Forever(std::make_unique<Bench>());
  if (auto obstacle = Make(bench, action)) return *obstacle;
  std::vector<orc_attempt> ids;
  for (const Example& example : *inputs) {
    bench.host.AnswerHttp(RespondInOrder(example.replies));
    orc_attempt id = 0;
    if (auto obstacle = StartOn(bench, action, example, id)) return *obstacle;
    ids.push_back(id);
    try {
      const auto result = bench.host.WaitEnd(id, kEndLimit);
      if (std::string fault = OutputFault(result); !fault.empty())
        return Failed("\"" + action.name + "\" with " + Shown(example.input) + ": " + fault);
    } catch (const std::exception&) {
      return Failed("\"" + action.name + "\" with " + Shown(example.input) + ": the attempt did not end within 10 s");
    }
  }
  std::this_thread::sleep_for(kSecondEndLimit);
  if (std::string fault = EndFault(bench, ids); !fault.empty()) return Failed("\"" + action.name + "\": " + fault);
  return Passed("");
}

/// Waits a little for one that needs no stopping.
bool EndsByItself(const Bench& bench, orc_attempt id) {
  for (int i = 0; i < 20 && !bench.host.HasEnded(id); ++i) std::this_thread::sleep_for(10ms);
  return bench.host.HasEnded(id);
}

Finding Stops(Subject& subject, const Action& action) {
  const auto inputs = subject.InputsOf(action);
  if (!inputs.ok()) return Failed(inputs.error().message);
  if (inputs->empty()) return Skipped(NoInput(action));
  auto& bench = Forever(std::make_unique<Bench>());
  if (auto obstacle = Make(bench, action)) return *obstacle;
  bench.host.AnswerHttp([](const orchestrator::HttpRequest&) {
    Reply silent;
    silent.never = true;
    return silent;
  });
  std::vector<orc_attempt> ids;
  for (const Example& example : *inputs) {
    orc_attempt id = 0;
    if (auto obstacle = StartOn(bench, action, example, id)) return *obstacle;
    ids.push_back(id);
    (void)EndsByItself(bench, id);
    bench.tester->Cancel(id);  // a host may cancel what has just ended, too
    try {
      (void)bench.host.WaitEnd(id, kStopLimit);
    } catch (const std::exception&) {
      return Failed("\"" + action.name + "\" with " + Shown(example.input) + ": the attempt went on for 5 s after it was cancelled");
    }
  }
  bench.tester->Cancel(0);  // nobody's
  if (std::string fault = EndFault(bench, ids); !fault.empty()) return Failed("\"" + action.name + "\": " + fault);
  return Passed("");
}

}  // namespace

Finding CompletesExactlyOnce(Subject& subject) { return ForEachAction(subject, "every attempt ended once", &Completes); }

Finding StopsWhenCancelled(Subject& subject) { return ForEachAction(subject, "every cancelled attempt ended", &Stops); }

}  // namespace orc::check
