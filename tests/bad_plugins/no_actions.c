/* It offers nothing. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static orc_plugin plugin = MINIMAL_PLUGIN("no_actions", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  plugin.action_count = 0;
  return &plugin;
}
