/* Its orc_plugin lacks the tail. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static orc_plugin plugin = MINIMAL_PLUGIN("small_struct", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  plugin.struct_size = 48;
  return &plugin;
}
