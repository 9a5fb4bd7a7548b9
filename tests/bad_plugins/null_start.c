/* Its action can not be started. */
#include "minimal.h"

static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("null_start", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = 0;
  return &plugin;
}
