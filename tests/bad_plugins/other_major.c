/* Built for another major of the ABI. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static orc_plugin plugin = MINIMAL_PLUGIN("other_major", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  plugin.abi_major = 2;
  plugin.abi_minor = 7;
  return &plugin;
}
