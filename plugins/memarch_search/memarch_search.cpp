// The action `memarch.search`: asks the memory service.
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

class MemarchSearch : public orc::service::MemoryAction {
 public:
  static constexpr orchestrator::ActionInfo kInfo{"memarch.search", "1.0.0",      "Searches the memory service of the project.",
                                                  kConfigSchema,    kInputSchema, kOutputSchema};

  MemarchSearch(const orchestrator::Host& host, std::string_view config) : MemoryAction(host, config, "/v1/search") {}
};

}  // namespace

ORCHESTRATOR_PLUGIN("memarch_search", "1.0.0", "Apache-2.0", "Searches in the memory service.", MemarchSearch)
