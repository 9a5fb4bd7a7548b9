/* One of its actions is NULL. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action, 0};
static const orc_plugin plugin = MINIMAL_PLUGIN("null_action", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
