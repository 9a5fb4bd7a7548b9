// survives-hostile-input: what the schema allows and what servers answer.
#include <algorithm>
#include <atomic>

#include "sample.h"
#include "subject.h"

namespace orc::check {
namespace {

using namespace std::chrono_literals;
using orchestrator::testing::Reply;

constexpr size_t kMostInputs = 600;
constexpr auto kEndLimit = 1s;
constexpr auto kStopLimit = 5s;

std::string Deep() { return std::string(5000, '[') + std::string(5000, ']'); }

Reply Answered(int32_t status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

Reply Unanswered(std::string code) {
  Reply reply;
  reply.error_code = std::move(code);
  reply.error_message = "a stand-in for a failure";
  return reply;
}

const std::vector<Reply>& OddReplies() {
  static const std::vector<Reply> replies = {Answered(200, ""),
                                             Answered(200, "{"),
                                             Answered(200, "null"),
                                             Answered(200, std::string(100'000, '\0')),
                                             Answered(200, Deep()),
                                             Answered(200, "\xff\xfe\x00"),
                                             Answered(204, "", {{"content-length", "-1"}}),
                                             Answered(302, "", {{"location", ""}}),
                                             Answered(429, "slow", {{"retry-after", "99999999999999999999"}}),
                                             Answered(500, "<html>"),
                                             Answered(599, "[]"),
                                             Answered(0, ""),
                                             Answered(200, "[1e999]", {{"content-type", "text/plain; charset=\"\xff"}}),
                                             Unanswered("timeout"),
                                             Unanswered("network"),
                                             Unanswered("tls"),
                                             Unanswered("output_too_large"),
                                             Unanswered("egress_denied"),
                                             Unanswered("cancelled")};
  return replies;
}

std::vector<std::string> InputsFor(const Action& action, const std::vector<Example>& examples) {
  std::vector<std::string> inputs;
  for (const Example& example : examples) {
    // Each example also meets every odd answer.
    for (size_t i = 0; i < OddReplies().size(); ++i) inputs.push_back(example.input);
    const auto base = ParseJson(example.input);
    for (const Json& value : HostileNear(*base, action.input_schema_json, action.input_schema.get(), false)) {
      if (inputs.size() >= kMostInputs) return inputs;
      inputs.push_back(PrintJson(value));
    }
  }
  return inputs;
}

/// One attempt with `input`; it may be a long one, but then it must stop when it is told to.
Obstacle RunOne(Bench& bench, const Action& action, const std::string& input) {
  Example example;
  example.input = input;
  orc_attempt id = 0;
  if (auto obstacle = StartOn(bench, action, example, id)) return obstacle;
  try {
    (void)bench.host.WaitEnd(id, kEndLimit);
    return std::nullopt;
  } catch (const std::exception&) {
    bench.tester->Cancel(id);
  }
  try {
    (void)bench.host.WaitEnd(id, kStopLimit);
    return std::nullopt;
  } catch (const std::exception&) {
    return Failed("\"" + action.name + "\" neither ends nor stops with the input " + input.substr(0, 120));
  }
}

Finding Survives(Subject& subject, const Action& action) {
  const auto examples = subject.InputsOf(action);
  if (!examples.ok()) return Failed(examples.error().message);
  if (examples->empty()) return Skipped("\"" + action.name + "\" has no input");
  auto& bench = Forever(std::make_unique<Bench>());
  if (auto obstacle = Make(bench, action)) return *obstacle;
  auto& next = Forever(std::make_unique<std::atomic<size_t>>(0));
  bench.host.AnswerHttp([&next](const orchestrator::HttpRequest&) { return OddReplies()[next++ % OddReplies().size()]; });
  // One after the other: what goes wrong among others is not this check's. A slow action is not tried with all of them.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(subject.options().timeout_s) / 3;
  for (const std::string& input : InputsFor(action, *examples)) {
    if (std::chrono::steady_clock::now() > deadline) break;
    if (auto obstacle = RunOne(bench, action, input)) return *obstacle;
  }
  if (std::string fault = bench.host.ResultFault(); !fault.empty()) return Failed("\"" + action.name + "\": " + fault);
  return Passed("");
}

}  // namespace

Finding SurvivesHostileInput(Subject& subject) {
  return ForEachAction(subject, "odd inputs and odd HTTP answers all came to an end", &Survives);
}

}  // namespace orc::check
