/* It shows more than its entry to the world. */
#include "minimal.h"

ORC_EXPORT int leaked_name(void);
int leaked_name(void) { return 1; }
static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("extra_export", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
