// Written against the C ABI in C++, without the SDK's trampolines: lets an exception out of create.
#include <stdexcept>

#include "minimal.h"

namespace {
void* Throw(const orc_host*, orc_text, const orc_sink*) { throw std::runtime_error("not caught in the plugin"); }
}  // namespace

extern "C" const orc_plugin* orchestrator_plugin_v1(void) {
  static orc_action action = MINIMAL_ACTION("bad.action");
  static const orc_action* const actions[] = {&action};
  static const orc_plugin plugin = MINIMAL_PLUGIN("create_throws", actions);
  (void)minimal_create;
  action.create = Throw;
  return &plugin;
}
