// Random workflows: sequences and graphs, with everything that the language has.
#include "unit/engine/case_run.h"
#include "unit/engine/simulation.h"

namespace orc::test {

/// The action and its input.
std::string Simulation::RandomWork(int64_t number) {
  const int64_t kind = Below(15);
  if (kind == 0) return R"("action":"transform","input":{"set":{"n":)" + std::to_string(Below(3)) + "}}";
  if (kind == 1) return R"("action":"transform","input":{"expr":"context.n + 1"})";
  if (kind == 2)
    return R"("action":"condition","input":{"key":"n","equals":1,"on_false":")" + std::string(Chance(50) ? "stop" : "fail") + "\"}";
  if (kind == 3) return R"("action":"condition","input":{"if":"context.n > 0","on_false":"continue"})";
  if (kind == 4) return R"("action":"wait","input":{"ms":)" + std::to_string(Below(800)) + "}";
  if (kind == 5) return R"("action":"wait","input":{"until":"{{ now + duration('300ms') }}"})";
  if (kind == 6) return R"("action":"wait","input":{"signal":"go")" + std::string(Chance(50) ? R"(,"timeout_ms":700)" : "") + "}";
  if (kind == 14) return R"("action":"workflow.run","input":{"workflow":"other","context":{"n":"{{ context.n }}"}})";
  if (kind < 9 && number > 0) return R"("action":"http","input":{"n":"{{ context.n }}","at":"{{ run.attempt }}"})";
  return R"("action":"http","input":{"n":)" + std::to_string(number) + "}";
}

std::string Simulation::RandomStep(int64_t number, bool in_graph) {
  const std::string n = std::to_string(number);
  std::string step = R"({"id":"s)" + n + R"(","name":"n)" + n + "\"," + RandomWork(number);
  const bool has_gate = Chance(18);
  if (has_gate && Chance(60)) {
    step += R"(,"requires_approval":true)";
  } else if (has_gate) {
    step += R"(,"requires_approval":{"count":2,"timeout_ms":900,"on_timeout":")" + std::string(Chance(50) ? "approve" : "reject") + "\"}";
  }
  if (Chance(50))
    step += R"(,"retry":{"max":)" + std::to_string(Below(4)) + R"(,"backoff_ms":)" + std::to_string(Below(400)) + R"(,"jitter":0.5})";
  if (Chance(30)) step += R"(,"timeout_ms":)" + std::to_string(1 + Below(500));
  if (Chance(12)) step += R"(,"if":"context.n != 2")";
  if (Chance(20)) {
    step += R"x(,"for_each":"[1, 2, 3, 4].filter(x, x <= )x" + std::to_string(Below(5)) + R"x()","concurrency":)x" +
            std::to_string(1 + Below(3));
  }
  if (step.find("for_each") != std::string::npos && Chance(40)) step += R"(,"on_item_error":"continue")";
  if (Chance(10))
    step += R"(,"repeat":{"until":"output == null || !has(output.v) || output.v > 50","every_ms":)" + std::to_string(Below(200)) +
            R"(,"max":3})";
  if (Chance(15)) {
    const std::string target =
        !in_graph && number < 2 && Chance(50) ? R"("goto":"s2")" : R"("set":{"caught":"{{ steps.s)" + n + R"(.error.code }}"})";
    step += R"(,"catch":[{"on":["http_status","timeout","4xx"],)" + target + "}]";
  }
  if (Chance(25)) step += R"(,"compensate":{"action":"http","input":{"undo":)" + n + R"(},"retry":{"max":1,"backoff_ms":10}})";
  if (in_graph) {
    step += R"(,"needs":[)";
    bool first = true;
    for (int64_t need = 0; need < number; ++need) {
      if (!Chance(40)) continue;
      step += (first ? "\"s" : ",\"s") + std::to_string(need) + "\"";
      first = false;
    }
    step += "]";
  }
  return step + "}";
}

void Simulation::MakeWorkflow() {
  const bool in_graph = Chance(40);
  std::string steps;
  const int64_t count = 3 + Below(5);
  for (int64_t i = 0; i < count; ++i) steps += (i == 0 ? "" : ",") + RandomStep(i, in_graph);
  std::string rest;
  if (Chance(30)) {
    rest +=
        R"(,"finally":[{"id":"f0","name":"f0","action":"http","input":{}},{"id":"f1","name":"f1","action":"http","input":{},"if":"context.n == 1","retry":{"max":1,"backoff_ms":5}}])";
  }
  if (Chance(20)) rest += R"(,"on_failure":"other")";
  if (Chance(20)) rest += R"(,"timeout_ms":)" + std::to_string(500 + Below(20'000));
  if (Chance(20)) rest += R"(,"output":")" + std::string(Chance(80) ? "context.n" : "context.missing") + "\"";
  definition_ = MakeDefinition(R"({"name":"sim","steps":[)" + steps + "]" + rest + "}");
}

}  // namespace orc::test
