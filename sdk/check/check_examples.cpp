// examples-pass: what the plugin's folder shows is what the plugin does.
#include <algorithm>
#include <array>
#include <filesystem>

#include "subject.h"

namespace orc::check {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 4> kOutcomes = {"succeeded", "failed", "failed_retryable", "cancelled"};

std::string Fitting(const JsonSchema* schema, const std::string& text, const char* what) {
  if (schema == nullptr) return {};
  const auto json = ParseJson(text.empty() ? "null" : text);
  if (!json.ok()) return std::string("the ") + what + " is not JSON";
  const auto problems = schema->Validate(*json);
  if (problems.empty()) return {};
  return std::string("the ") + what + " does not fit its schema: " + problems.front().pointer + ": " + problems.front().detail;
}

std::string Compare(const Example& example, const Action& action, const orchestrator::Result& result) {
  const auto outcome = static_cast<size_t>(result.outcome);
  if (example.outcome && static_cast<size_t>(*example.outcome) != outcome) {
    return std::string("it ended as ") + kOutcomes.at(outcome) +
           (result.error_code.empty() ? "" : " (" + result.error_code + ": " + result.error_message + ")") + "; expected " +
           kOutcomes.at(static_cast<size_t>(*example.outcome));
  }
  if (!example.error_code.empty() && example.error_code != result.error_code) {
    return "its error code is \"" + result.error_code + "\"; expected \"" + example.error_code + "\"";
  }
  if (example.output) {
    const auto output = ParseJson(result.output.empty() ? "null" : result.output);
    if (!output.ok() || !JsonEquals(*output, *example.output)) {
      return "its output is " + result.output.substr(0, 300) + "; expected " + PrintJson(*example.output).substr(0, 300);
    }
  }
  const bool succeeded = result.outcome == orchestrator::Outcome::kSucceeded;
  return succeeded ? Fitting(action.output_schema.get(), result.output, "output") : std::string();
}

std::string Run(const Example& example, Action action) {
  if (example.config) action.config = *example.config;
  if (std::string fault = Fitting(action.input_schema.get(), example.input, "input"); !fault.empty()) return fault;
  auto& bench = Forever(std::make_unique<Bench>());
  if (const auto obstacle = Make(bench, action)) return obstacle->detail;
  bench.host.AnswerHttp(RespondInOrder(example.replies));
  orc_attempt id = 0;
  if (const auto obstacle = StartOn(bench, action, example, id)) return obstacle->detail;
  try {
    return Compare(example, action, bench.host.WaitEnd(id, 10s));
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace

Finding ExamplesPass(Subject& subject) {
  const auto actions = subject.Actions();
  if (!actions.ok()) return Failed(actions.error().message);
  const auto examples = subject.Examples();
  if (!examples.ok()) return Failed(examples.error().message);
  size_t count = 0;
  for (const Example& example : *examples) {
    const auto action = std::find_if(actions->begin(), actions->end(), [&](const Action& a) { return a.name == example.action; });
    if (action == actions->end())
      return Failed(example.file + " is of the action \"" + example.action + "\", which this plugin does not offer");
    const std::string name = std::filesystem::path(example.file).filename().string();
    if (std::string fault = Run(example, *action); !fault.empty()) return Failed(name + ": " + fault);
    ++count;
  }
  if (count == 0) return Skipped("there are no examples (--examples FOLDER names some)");
  return Passed(std::to_string(count) + (count == 1 ? " example" : " examples"));
}

}  // namespace orc::check
