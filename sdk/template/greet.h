// greet.hello, apart from its plugin so that tests can use it.
#pragma once

#include <orchestrator/action.hpp>
#include <orchestrator/json/nlohmann.hpp>
#include <string>
#include <string_view>

class Greet {
 public:
  static constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
      ;
  static constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
      ;
  static constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
      ;
  static constexpr orchestrator::ActionInfo kInfo{"greet.hello", "1.0.0",       "Greets somebody by name.", kConfigSchema,
                                                  kInputSchema,  kOutputSchema, ORC_ACTION_IDEMPOTENT};

  Greet(const orchestrator::Host& host, std::string_view config);
  orchestrator::Result Run(orchestrator::Attempt& attempt, const orchestrator::Request& request);

 private:
  std::string greeting_;
};
