/* The name of its action is none. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("Web Search");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("bad_name", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
