// The action transform.jq: a jq program over a document. libjq cannot be interrupted and aborts when memory is out, so its process is the
// limit.
#include <orchestrator/action.hpp>

#include "program.h"

namespace {

class TransformJq {
 public:
  static constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
      ;
  static constexpr orchestrator::ActionInfo kInfo{"transform.jq",
                                                  "1.0.0",
                                                  "Runs a jq program over a document.",
                                                  "",
                                                  kInputSchema,
                                                  "",
                                                  ORC_ACTION_IDEMPOTENT | ORC_ACTION_PURE | ORC_ACTION_ISOLATED};

  TransformJq(const orchestrator::Host&, std::string_view) {}

  orchestrator::Result Run(orchestrator::Attempt&, const orchestrator::Request& request) {
    ProgramResult done = RunProgram(request.input);
    if (!done.ok) return orchestrator::Result::Failure(std::move(done.code), std::move(done.text));
    return orchestrator::Result::Success(std::move(done.text));
  }
};

}  // namespace

ORCHESTRATOR_PLUGIN("transform_jq", "1.0.0", "Apache-2.0", "jq programs as steps.", TransformJq)
