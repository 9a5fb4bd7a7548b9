/* It offers one action twice. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action, &action};
static const orc_plugin plugin = MINIMAL_PLUGIN("offered_twice", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
