/* Its example says something else than it does: examples/wrong_example. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("wrong_example", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
