// The action `memarch.store_fact`: puts a fact into the memory service.
#include <orchestrator/action.hpp>

#include "service/memory_action.h"

namespace {

constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
    ;
constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
    ;
constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
    ;

class MemarchStoreFact : public orc::service::MemoryAction {
 public:
  static constexpr orchestrator::ActionInfo kInfo{"memarch.store_fact", "1.0.0",      "Stores a fact in the memory service of the project.",
                                                  kConfigSchema,        kInputSchema, kOutputSchema};

  MemarchStoreFact(const orchestrator::Host& host, std::string_view config) : MemoryAction(host, config, "/v1/facts") {}
};

}  // namespace

ORCHESTRATOR_PLUGIN("memarch_store_fact", "1.0.0", "Apache-2.0", "Facts into the memory service.", MemarchStoreFact)
