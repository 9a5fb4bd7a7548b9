// The plugin greet: one action, greet.hello.
#include "greet.h"

Greet::Greet(const orchestrator::Host&, std::string_view config) {
  greeting_ = orchestrator::ReadJson<nlohmann::json>(config).value("greeting", "Hello");
}

orchestrator::Result Greet::Run(orchestrator::Attempt& attempt, const orchestrator::Request& request) {
  const auto input = orchestrator::ReadJson<nlohmann::json>(request.input);
  const auto name = input.at("name").get<std::string>();
  attempt.AppendLog("greeting " + name);
  if (attempt.Cancelled()) return orchestrator::Result::Cancelled();
  if (name == "nobody") return orchestrator::Result::Failure("nobody_there", "nobody can't be greeted");
  return orchestrator::Result::Success(orchestrator::WriteJson(nlohmann::json{{"text", greeting_ + ", " + name + "!"}}));
}
