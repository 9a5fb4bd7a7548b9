// Unit tests behind the SDK's fake host. Any test framework will do; this needs none.
#include "greet.h"

#include <cstdio>
#include <cstdlib>
#include <orchestrator/testing.hpp>

namespace {

using orchestrator::Outcome;
using orchestrator::testing::Tester;

void Expect(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::exit(1);
}

void GreetsByName() {
  Tester<Greet> greet(R"({"greeting": "Good morning"})");
  const orc_attempt id = greet.Start(R"({"name": "Ada"})");
  Expect(greet.Wait(id).output == R"({"text":"Good morning, Ada!"})", "the output is the greeting");
  Expect(greet.host().RunLog(id).at(0).text == "greeting Ada", "the run's log says who was greeted");
}

void NobodyIsAFailure() {
  Tester<Greet> greet;
  const auto result = greet.Run(R"({"name": "nobody"})");
  Expect(result.outcome == Outcome::kFailed && result.error_code == "nobody_there", "nobody can't be greeted");
}

}  // namespace

int main() {
  GreetsByName();
  NobodyIsAFailure();
}
