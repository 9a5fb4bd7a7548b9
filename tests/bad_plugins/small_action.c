/* Its orc_action lacks the tail. */
#include "minimal.h"

static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("small_action", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.struct_size = 64;
  return &plugin;
}
