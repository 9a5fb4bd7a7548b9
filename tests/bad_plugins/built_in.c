/* It offers what is built into the server. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("transform");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("built_in", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
