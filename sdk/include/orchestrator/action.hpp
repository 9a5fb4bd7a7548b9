// The C++ face of abi.h: write a class for each action, name them in ORCHESTRATOR_PLUGIN, and link nothing. C++17.
//
//   class Greet {
//    public:
//     static constexpr orchestrator::ActionInfo kInfo{"demo.greet", "1.0.0", "Greets.", /*config_schema=*/"", /*input_schema=*/"",
//                                                     /*output_schema=*/"", ORC_ACTION_IDEMPOTENT};
//     Greet(const orchestrator::Host& host, std::string_view config_json);  // throw std::exception: refused, its text is shown
//     void Start(orchestrator::Attempt attempt, const orchestrator::Request& request) { attempt.Succeed("\"hello\""); }
//   };
//   ORCHESTRATOR_PLUGIN("demo", "1.0.0", "Apache-2.0", "A demonstration.", Greet)
//
// One object of the class serves all attempts, from any thread at once.
//   void Start(Attempt, const Request&)     begins the attempt and returns at once; keep the Attempt and end it later, from any thread; or
//   Result Run(Attempt&, const Request&)    does it all before it returns (the host calls it from its bounded pool).
//   void Cancel(orc_attempt id)             optional: stop that attempt soon. Not needed for SendHttp: the host ends those calls.
//   std::string CheckHealth()               optional: "" when healthy, else a sentence.
// An action whose Start or HTTP callbacks are slow (parsing megabytes, say) sets ORC_ACTION_BLOCKING: they then come from the pool.
// What Start, Run or a callback throws becomes a failure `plugin_error` with the exception's text.
#pragma once

#include <string_view>

#include "orchestrator/abi.h"
#include "orchestrator/attempt.hpp"
#include "orchestrator/detail/describe.hpp"
#include "orchestrator/http.hpp"
#include "orchestrator/result.hpp"

namespace orchestrator {

/// What an action is. Every text must stay for ever: literals. Schemas are JSON Schema draft-07, "" for none.
struct ActionInfo {
  std::string_view name;     ///< "web.search"
  std::string_view version;  ///< "1.0.0"
  std::string_view summary;  ///< one sentence
  std::string_view config_schema = {};
  std::string_view input_schema = {};
  std::string_view output_schema = {};
  uint32_t flags = 0;  ///< enum orc_action_flags
};

}  // namespace orchestrator

/// Exports the one symbol. The texts are literals; after them, the action classes.
#define ORCHESTRATOR_PLUGIN(name, version, licence, summary, ...)                                        \
  extern "C" ORC_EXPORT const orc_plugin* orchestrator_plugin_v1(void) {                                 \
    return ::orchestrator::detail::DescribePlugin<__VA_ARGS__>((name), (version), (licence), (summary)); \
  }
