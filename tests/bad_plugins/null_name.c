/* The name of its action is NULL with a size. */
#include "minimal.h"

static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("null_name", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.name.data = 0;
  return &plugin;
}
